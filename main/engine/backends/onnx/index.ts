// Runs programs through onnxruntime.
export { compile, flopsOf } from './compile'
export type { CompileOptions, Executable } from './compile'
export type { ExternalWeight, Initializer } from './graph'
export { availableMemory, compileSegments } from './segments'
export type { SegmentOptions } from './segments'
export { probeProviders } from './providers'
export type { ProviderStatus } from './providers'
export type { Provider } from './runtime'
