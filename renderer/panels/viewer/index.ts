export { ClipViewer } from './ClipViewer'
