export { GalleryWorkspace } from './GalleryWorkspace'
