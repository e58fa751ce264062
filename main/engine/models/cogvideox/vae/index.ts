// The 3D causal autoencoder of CogVideoX (AutoencoderKLCogVideoX; cogvideox-facts 6).
export { parseVaeConfig, spatialRatio } from './config'
export type { VaeConfig } from './config'
export { decodeChunk } from './decoder'
export { encodeChunk } from './encoder'
export type { Tiling } from './tiling'
export { openVae, vaeSpecs } from './vae'
export type { Moments, Vae, VaeOptions } from './vae'
