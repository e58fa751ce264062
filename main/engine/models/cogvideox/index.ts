// The CogVideoX base model, in the pieces that AnimateAnywhere is built of.
export { joinStreams, jointAttention, splitStreams } from './attention'
export type { AttentionHooks, AttentionTap, Projection, Rope, Streams } from './attention'
export { block } from './block'
export type { BlockResult } from './block'
export { innerDim, parseTransformerConfig, tokenGrid } from './config'
export type { TokenGrid, TransformerConfig } from './config'
export { fittedPositions, gridPositions, rotaryTables } from './rotary'
export type { Positions, RotaryTables } from './rotary'
export { transformerSpecs } from './specs'
export {
  conditioning,
  finalLayer,
  latentHead,
  ofsValue,
  patchEmbed,
  patchify,
  transformer,
  unpatchify,
} from './transformer'
export type { TransformerInputs, TransformerOutputs } from './transformer'
export { decodeChunk, encodeChunk, openVae, parseVaeConfig, spatialRatio, vaeSpecs } from './vae'
export type { Moments, Tiling, Vae, VaeConfig, VaeOptions } from './vae'
