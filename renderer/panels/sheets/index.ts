export { DoctorSheet } from './DoctorSheet'
export { ShortcutsSheet } from './ShortcutsSheet'
