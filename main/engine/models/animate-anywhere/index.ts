// AnimateAnywhere: the network around the CogVideoX trunk, its two heads, and the puppet's geometry.
export { candidates } from './candidates'
export type { Candidates } from './candidates'
export { compose, puppet } from './composition'
export type { Composed, CompositionParameters } from './composition'
export { copiedBlocks, miniConfig, parseConfig, presets, thinkingSize, wholeTokens } from './config'
export type { AnimateAnywhereConfig } from './config'
export { contactSpots, shadeContacts, spotsInput } from './contact-shadow'
export { copiedFrom, importedConfig, importedWeights } from './imported'
export { latentInputs } from './latent-inputs'
export {
  atFirstFrame,
  clipFrames,
  encodeFrames,
  latentShape,
  pictureLatent,
  referenceLatents,
  sampleMoments,
  towardsModel,
  towardsVae,
  wholeClip,
} from './latent-space'
export type { LatentShape } from './latent-space'
export {
  composeClip,
  encodeConditions,
  perClip,
  predictCamera,
  predictComposition,
  predictLatents,
  survey,
} from './model'
export type { ConditionLatents, ConditionPictures, Survey } from './model'
export { nearest } from './nearness'
export type { NetworkInputs, NetworkOptions } from './network'
export { backgroundFlow, cameraNumbers, cameraPath, frameSize, warpBackground } from './place-motion'
export type { View } from './place-motion'
export { poseNumbers, poseNumbersWidth } from './pose-numbers'
export { boneCount } from './bones'
export { pickFrames, puppetFeeds, puppetInputs } from './puppet-program'
export { planes, prepareReferenceHuman } from './reference-human'
export type { ReferenceHuman } from './reference-human'
