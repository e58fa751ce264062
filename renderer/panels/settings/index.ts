export { SettingsSheet } from './SettingsSheet'
