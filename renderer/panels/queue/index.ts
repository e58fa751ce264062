export { QueuePanel } from './QueuePanel'
