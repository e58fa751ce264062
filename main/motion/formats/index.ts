// Motion from and to files.

export { importBvh } from './bvh'
export type { BvhOptions } from './bvh'
