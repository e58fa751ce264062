// Synthetic footage with exact ground truth.
export { SYNTH_FPS, SYNTH_FRAMES, SYNTH_SIZES, generateClip, samplePlace, samplePoseAndFlow } from './generate'
export type { SynthOptions } from './generate'
export type { ClipMakers, Makes } from './makers'
export { clipStrip } from './sheet'
