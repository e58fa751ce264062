// Layers, the naming of weights, and repeatable randomness.
export { convBatchNormRelu } from './convolution'
export { feedForward, layerNorm, linear, lora, sinusoid } from './layers'
export type { LinearOptions } from './layers'
export { Random } from './random'
export { initialise, oneInit, Scope, zeroInit } from './scope'
export type { Init, WeightSpec } from './scope'
export { conv, convBlock } from './unet'
