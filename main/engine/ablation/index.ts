// The paper's ablations at a small scale: every variant trained and measured with several seeds, one after the other, and set side by
// side with error bars. A run that was stopped goes on where it was; what is finished is never done again.
import { microBudget } from './budget'
import type { Budget } from './budget'
import { openFootage } from './footage'
import { tableNames, variantName, variantsOf } from './plan'
import type { TableName } from './plan'
import { makeReport } from './report'
import type { Report } from './report'
import { runVariant, unitsBefore, unitsOf } from './run'
import type { Result } from './run'

export { markdown } from './report'
export { microBudget, tableNames }
export type { Report, TableName }

export interface AblationOptions {
  readonly tables: readonly TableName[]
  /** Runs of each variant; their seeds are 0, 1, ... */
  readonly seeds: number
  readonly budget: Budget
  /** Where footage, models and figures of the runs are kept. */
  readonly folder: string
  /** Units of work done, of all; what is going on. */
  readonly onProgress?: (progress: { stage: string; step: number; of: number; doing: string }) => void
  readonly signal: AbortSignal
}

/** Trains and measures what is missing, and reports on the tables. Throws the signal's reason when aborted, after saving. */
export async function ablate({ tables, seeds, budget, folder, onProgress, signal }: AblationOptions): Promise<Report> {
  const told = (stage: string, step: number, of: number, doing: string) => onProgress?.({ stage, step, of, doing })
  const footage = await openFootage(folder, budget, (kind, done, of) => told('footage', done, of, kind), signal)
  const seedList = Array.from({ length: seeds }, (_, i) => i)
  // Seed by seed, so that an early look shows every variant.
  const plan = seedList.flatMap((seed) => variantsOf(tables).map((variant) => ({ variant, seed })))
  const each = unitsOf(budget)
  const before = unitsBefore(budget)
  const runs: Result[] = []
  for (const [i, { variant, seed }] of plan.entries()) {
    const name = `${variantName(variant)}-seed${seed}`
    const onUnit = (what: keyof typeof before, done: number) => {
      told('ablation', i * each + before[what] + done, plan.length * each, `${name} ${what}`)
    }
    runs.push(await runVariant({ variant, seed, budget, footage, folder, onUnit, signal }))
  }
  return makeReport(tables, seedList, runs, budget)
}
