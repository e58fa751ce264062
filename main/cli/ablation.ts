// `anywhere evaluate --ablation`: trains the variants of the paper's tables in small and says which of its orderings hold.
import { ablate, markdown, microBudget, tableNames } from '../engine/ablation'
import type { TableName } from '../engine/ablation'
import { writeFileAtomic, writeJsonAtomic } from '../media/partials'
import type { Terminal } from './terminal'

/** What may be asked for: one of the paper's tables, or all. */
export const ablationNames = [...tableNames, 'all'] as const

interface Asked {
  readonly ablation: (typeof ablationNames)[number]
  readonly trainSteps: number
  readonly seeds: number
  readonly clips: number
  readonly steps: number
  readonly cfg: number
  /** report.json: the tables go to report.md, footage, models and figures of the runs to the folder report/. */
  readonly out: string
}

export async function evaluateAblation(asked: Asked, terminal: Terminal): Promise<void> {
  const { ablation, trainSteps, seeds, clips, steps, cfg: guidance, out } = asked
  const tables: readonly TableName[] = ablation === 'all' ? tableNames : [ablation]
  const base = out.slice(0, -'.json'.length)
  const report = await ablate({
    ...{ tables, seeds, folder: base },
    budget: microBudget(trainSteps, { clips, steps, guidance }),
    onProgress: ({ stage, step, of, doing }) => {
      terminal.progress({ stage, step, of, now: doing })
    },
    signal: terminal.stopSignal(),
  })
  writeJsonAtomic(out, report)
  const text = markdown(report)
  writeFileAtomic(`${base}.md`, text + '\n')
  terminal.say(text)
  terminal.result({ out, tables: report.tables }, `${out}: ${report.runs.length} runs`)
}
