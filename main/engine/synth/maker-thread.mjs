// What a thread of `ClipMakers` runs: TypeScript is translated as it is loaded, in every thread anew.
import { register } from 'tsx/esm/api'

register()
export const { generateClip, samplePlace, samplePoseAndFlow } = await import('./generate.ts')
