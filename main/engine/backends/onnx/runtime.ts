// The only module that knows onnxruntime: sessions, tensors across its border, which providers work here.
import * as ort from 'onnxruntime-node'
import type { Provider } from '../../device'
import type { DType, HostTensor, TypedArray } from '../../ir'

export interface SessionSettings {
  readonly provider: Provider
  /** Threads of one operator; 0 = as many as cores. */
  readonly threads: number
  /** Gradients inside. */
  readonly training: boolean
  /** Folder of external weights. */
  readonly weightFolder?: string
  /** Whether what a run used is kept for the next one. Default true; many sessions that keep theirs would fill the memory. */
  readonly arena?: boolean
  /** Prefix of a profile that onnxruntime writes, one event per node and run. */
  readonly profile?: string
}

/** Folding would materialise broadcasts; merging would undo recomputation. The higher levels win nothing there and take minutes on 20,000 nodes. */
const trainingDisables = ['ConstantFolding', 'CommonSubexpressionElimination']
/** Measured slower than what they replace: a product with the bias inside, and products that transpose their left side while packing. */
const cpuDisables = ['MatMulAddFusion', 'MatmulTransposeFusion']

/** Facts behind the choices: research/engine-anchors 1.2, 1.5 and 1.6. */
function sessionOptions({
  provider,
  threads,
  training,
  weightFolder,
  arena = true,
  profile,
}: SessionSettings): ort.InferenceSession.SessionOptions {
  const disabled = [...(training ? trainingDisables : []), ...(provider === 'cpu' ? cpuDisables : [])]
  const entries: Record<string, string> = { 'optimization.disable_specified_optimizers': disabled.join(';') }
  if (weightFolder) entries['session.model_external_initializers_file_folder_path'] = weightFolder
  return {
    executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
    enableMemPattern: false,
    enableCpuMemArena: arena,
    executionMode: 'sequential',
    graphOptimizationLevel: training ? 'basic' : 'all',
    logSeverityLevel: 3,
    ...(threads > 0 ? { intraOpNumThreads: threads } : {}),
    ...(profile ? { enableProfiling: true, profileFilePrefix: profile } : {}),
    extra: nested(entries),
  }
}

/** { 'a.b': v } as { a: { b: v } }, the form in which the binding takes configuration entries. */
function nested(entries: Readonly<Record<string, string>>): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(entries)) {
    const parts = key.split('.')
    const last = parts.pop()!
    const place = parts.reduce<Record<string, unknown>>(
      (at, part) => (at[part] ??= {}) as Record<string, unknown>,
      result,
    )
    place[last] = value
  }
  return result
}

export interface Session {
  run(feeds: Readonly<Record<string, HostTensor>>): Promise<Record<string, HostTensor>>
  release(): Promise<void>
  endProfiling(): void
}

// Failures arrive as exceptions; onnxruntime need not print them too.
ort.env.logLevel = 'fatal'

/** Whether this build of onnxruntime knows a provider; it may still not work here. */
export const hasProvider = (provider: Provider): boolean =>
  ort.listSupportedBackends().some(({ name }) => name === provider)

/** Compiles a model. Throws what onnxruntime says. */
export async function createSession(model: Uint8Array, settings: SessionSettings): Promise<Session> {
  // Without this, what is unknown would be left out silently, and the processor do it all.
  if (!hasProvider(settings.provider)) throw new Error(`this build of onnxruntime has no ${settings.provider} provider`)
  // Tensor cores round float32 products to 10 bits by default: too coarse for gradients. NVIDIA's libraries read this when they load.
  if (settings.provider === 'cuda') process.env.NVIDIA_TF32_OVERRIDE ??= '0'
  const session = await ort.InferenceSession.create(model, sessionOptions(settings))
  return {
    run: async (feeds) => {
      const inputs = Object.entries(feeds).map(
        ([name, t]) => [name, new ort.Tensor(t.dtype as 'float32', t.data as Float32Array, t.shape)] as const,
      )
      const results = await session.run(Object.fromEntries(inputs))
      return Object.fromEntries(
        Object.entries(results).map(([name, t]) => [
          name,
          { dtype: t.type as DType, shape: t.dims, data: t.data as TypedArray },
        ]),
      )
    },
    release: () => session.release(),
    endProfiling: () => {
      session.endProfiling()
    },
  }
}
