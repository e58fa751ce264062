// The library: what the user has.
export { importFiles, type Incoming } from './import'
export { AssetLibrary, newId } from './library'
export { type LibraryPlace, openLibraryPlace } from './place'
export { libraryTables } from './tables'
export type { Adoption, Library, Reference } from './types'
