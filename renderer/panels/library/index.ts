export { LibraryPanel } from './LibraryPanel'
