export { TrainWorkspace } from './TrainWorkspace'
