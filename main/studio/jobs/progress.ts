// How far a whole job is, from the steps of its stages.
import type { JobProgress } from '../../api'
import { Pace } from '../pace'

export interface Step {
  readonly stage: string
  readonly step: number
  readonly of: number
  /** How much of the next step is done, 0..1, where that is known. */
  readonly part?: number
  /** The stages in order with their parts of the work; stages that are not in it take no time to speak of. */
  readonly plan: readonly { readonly stage: string; readonly share: number }[]
  readonly losses?: Readonly<Record<string, number>>
}

export class JobPace {
  private readonly pace = new Pace()
  private begun: { readonly time: number; readonly share: number } | undefined
  private steps = 0

  /** Takes what was reported at `time` (seconds). The estimate comes after two finished steps. */
  add({ stage, step, of, part = 0, plan, losses }: Step, time: number): JobProgress {
    const { secondsPerStep, etaSeconds } = this.pace.add({ stage, step, of }, time)
    if (step > 0) this.steps++
    const at = plan.findIndex((part) => part.stage === stage)
    const before = plan.slice(0, Math.max(at, 0)).reduce((sum, part) => sum + part.share, 0)
    const own = plan[at]?.share ?? 0
    const share = Math.min(1, before + (of > 0 ? own * ((step + part) / of) : 0))
    this.begun ??= { time, share }
    const later = Math.max(0, 1 - before - own)
    const secondsPerShare = share > this.begun.share ? (time - this.begun.time) / (share - this.begun.share) : 0
    // This stage by its own pace, the later ones by what the job's work has cost so far.
    const rest = (etaSeconds ?? (before + own - share) * secondsPerShare) + later * secondsPerShare
    return {
      stage,
      step,
      of,
      share,
      ...(secondsPerStep === undefined ? {} : { secondsPerStep }),
      ...((this.steps >= 2 || part > 0.1) && secondsPerShare > 0 ? { etaSeconds: rest } : {}),
      ...(losses ? { losses } : {}),
    }
  }
}
