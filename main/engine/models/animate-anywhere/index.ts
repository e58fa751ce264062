// AnimateAnywhere: the network around the CogVideoX trunk, its two heads, and the puppet's geometry.
export {
  candidates,
  cellsPerToken,
  frameSize,
  backgroundFlow,
  cameraPath,
  warpBackground,
  weigh,
} from './composition'
export type { Candidates, CompositionParameters, PuppetTensors, View } from './composition'
export { copiedBlocks, hints, miniConfig, parseConfig, presets, thinkingSize } from './config'
export type { AnimateAnywhereConfig, Hint } from './config'
export { composeClip, encodeConditions, perClip, predictComposition, predictLatents } from './model'
export type { ConditionLatents, ConditionPictures } from './model'
export type { NetworkInputs } from './network'
export { boneCount } from './puppet'
export { pickFrames, puppetFeeds, puppetInputs } from './puppet-program'
export { planes, prepareReferenceHuman } from './reference-human'
export type { ReferenceHuman } from './reference-human'
