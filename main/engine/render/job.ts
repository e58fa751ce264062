// What a render is asked for, whichever head the model has.
import type { PoseSequence } from '../../motion/types'
import type { Hint } from '../../motion/hints'
import type { MemoryPlan } from '../backends/onnx'
import type { FittedBackground } from './background'
import type { FoundHuman } from './human'
import type { Model } from './model'

export interface RenderJob {
  readonly model: Model
  readonly human: FoundHuman
  readonly ground: FittedBackground
  /** Already fitted to the human; its size, rate and number of frames are the clip's. */
  readonly poses: PoseSequence
  readonly steps: number
  readonly guidance: number
  readonly bml: number
  readonly hint: Hint
  /** 0 as with 'auto', 1 (when absent) as learned, 2 twice as far. */
  readonly hintStrength?: number
  readonly seed: number
  /** Told before sampling starts, for models that are read from their files. */
  readonly onMemory?: (plan: MemoryPlan) => void
  /** Waited for. */
  readonly onProgress?: (progress: RenderProgress) => void | Promise<void>
  readonly signal?: AbortSignal
}

export interface RenderProgress {
  /** 'sample': denoising steps; 'compose': frames. */
  readonly stage: 'sample' | 'compose'
  readonly step: number
  readonly of: number
}
