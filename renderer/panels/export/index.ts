export { ExportSheet } from './ExportSheet'
