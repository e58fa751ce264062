// Motion from and to files.

export { importBvh } from './bvh'
export type { BvhOptions } from './bvh'
export { openPoseJson, readMotionContent, serializePoses } from './content'
export type { MotionContent } from './content'
export { parseJson } from './json'
export { importMotion, parseMotion, serializeMotion } from './motion-file'
export { importOpenPose } from './openpose'
export type { OpenPoseFile, OpenPoseOptions } from './openpose'
