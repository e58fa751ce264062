// `anywhere evaluate --hints`: how often the place goes the way each hint says.
import { evaluateHints, givenHints } from '../engine/hint-evaluation'
import { loadModel } from '../engine/render/model'
import { generateClip, SYNTH_SIZES } from '../engine/synth'
import { synthOptions, unseenSeeds } from '../engine/training/synthetic'
import { writeJsonAtomic } from '../media/partials'
import type { Terminal } from './terminal'

interface Asked {
  readonly model: string
  readonly clips: number
  readonly steps: number
  readonly cfg: number
  readonly seed: number
  readonly out: string
}

export async function evaluateAllHints({ model, clips, steps, cfg, seed, out }: Asked, terminal: Terminal) {
  const loaded = loadModel(model)
  const { frames, fps } = loaded.config
  const open = { frames, fps, sizes: SYNTH_SIZES }
  const figures = await evaluateHints(
    loaded,
    givenHints,
    clips,
    (hint, index) => generateClip({ ...synthOptions(unseenSeeds + seed, index, open), hint }),
    {
      ...{ steps, seed, guidance: cfg, signal: terminal.stopSignal() },
      onClip: (step, of) => {
        terminal.progress({ stage: 'evaluate hints', step, of })
      },
    },
  )
  const report = { model: { name: model, sha256: loaded.hash }, steps, cfg, hints: figures }
  writeJsonAtomic(out, report)
  for (const [hint, { right, ci }] of Object.entries(figures))
    terminal.say(`${hint.padEnd(14)}${right.toFixed(2)}  (${ci.map((v) => v.toFixed(2)).join(' to ')})`)
  terminal.result({ out, ...report }, `${out}: ${clips} clips for each of ${givenHints.length} hints`)
}
