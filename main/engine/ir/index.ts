// The tensor IR: describe a computation once, differentiate it, run it anywhere.
import './ops'

export { grad } from './autodiff'
export type { EmitOptions, Emitter, OnnxAttr } from './emitter'
export * from './functions'
export { allocate, bytesPerElement, hostTensor } from './host'
export { program, walk } from './program'
export type { Program } from './program'
export { allRecords, recordOf } from './record'
export type { GradientCall, OpRecord, Sample, SampleInput } from './record'
export { isFloat, sameShape, showShape, sizeOf } from './tensor'
export type { Attrs, DType, HostTensor, Shape, Tensor, TypedArray } from './types'
