// `anywhere evaluate` of several models, or with several numbers of sampling steps: figures of each as a table, and a page of curves.
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { measureModel } from '../engine/evaluation'
import type { EvaluationOptions, ReadClip } from '../engine/evaluation'
import { curvesPage } from '../engine/metrics/curves'
import type { CurvePoint } from '../engine/metrics/curves'
import { onlyNamed } from '../engine/metrics/summary'
import { loadModel } from '../engine/render/model'
import { UserError } from '../media/errors'
import { writeFileAtomic, writeJsonAtomic } from '../media/partials'
import type { Terminal } from './terminal'

/** A point to measure: a model, and how many sampling steps it takes. */
export interface Asked {
  readonly x: number
  readonly name: string
  readonly model: string
  readonly steps: number
}

/** Several models over their training steps, or one over several numbers of sampling steps; undefined where only one thing is asked for. */
export function askedCurve(
  models: readonly string[],
  steps: readonly number[],
): { axis: string; asked: Asked[] } | undefined {
  if (models.length > 1 && steps.length > 1)
    throw new UserError('--model and --steps: give several of one or of the other, not of both')
  if (steps.length > 1) {
    const asked = steps.map((count) => ({ x: count, name: `${count} steps`, model: models[0]!, steps: count }))
    return { axis: 'sampling steps', asked }
  }
  if (models.length < 2) return undefined
  const numbers = models.map(trainingSteps)
  const numbered = numbers.every((n) => n !== undefined) && new Set(numbers).size === numbers.length
  const asked = models.map((model, i) => ({
    ...{ x: numbered ? numbers[i]! : i + 1, model, steps: steps[0]! },
    name: path.basename(model, '.safetensors'),
  }))
  return { axis: numbered ? 'training steps' : 'models', asked }
}

/** The last number in a file's name, as a training run names its checkpoints: joint-12000.safetensors. */
function trainingSteps(file: string): number | undefined {
  const found = /(\d+)\D*$/.exec(path.basename(file, '.safetensors'))
  return found ? Number(found[1]) : undefined
}

/** The model files of a folder whose names end in a number of steps. */
export function historyOf(folder: string): string[] {
  if (!existsSync(folder)) throw new UserError(`--history: folder "${folder}" does not exist`)
  const files = readdirSync(folder)
    .filter((name) => /\d[^/]*\.safetensors$/.test(name) && trainingSteps(name) !== undefined)
    .map((name) => path.join(folder, name))
  if (files.length < 2)
    throw new UserError(`--history: "${folder}" holds ${files.length} .safetensors files with a number of steps in their name; at least 2 make a curve`) // prettier-ignore
  return files.sort((a, b) => trainingSteps(a)! - trainingSteps(b)!)
}

/** Measures each point on the same clips and writes `out` and, beside it, the page. `names` are the metrics shown, `seconds` comes last. */
export async function evaluateCurve(
  { axis, asked }: { axis: string; asked: readonly Asked[] },
  clips: { readonly count: number; readonly read: ReadClip },
  options: Omit<EvaluationOptions, 'steps' | 'onClip'>,
  names: readonly string[],
  out: string,
  terminal: Terminal,
): Promise<void> {
  const points: (CurvePoint & { readonly steps: number; readonly seconds: number })[] = []
  const of = asked.length * clips.count
  for (const [i, { x, name, model, steps }] of asked.entries()) {
    const { metrics, ci, seconds } = await measureModel(loadModel(model), clips.count, clips.read, {
      ...{ ...options, steps },
      onClip: (clip) => {
        terminal.progress({ stage: 'evaluate', step: i * clips.count + clip, of, now: name })
      },
    })
    const shown = { metrics: { ...onlyNamed(names, metrics), seconds }, ci: onlyNamed(names, ci) }
    points.push({ x, name, steps, seconds, ...shown })
    terminal.say(`${name.padEnd(24)}${[...names, 'seconds'].map((metric) => ` ${metric} ${points.at(-1)!.metrics[metric]!.toFixed(3)}`).join('')}`) // prettier-ignore
    // Kept after each point: a long curve that is stopped has shown what it knew.
    writeJsonAtomic(out, { clips: clips.count, axis, points })
    const page = curvesPage({ title: `${clips.count} clips over ${axis}`, axis, points }, [...names, 'seconds'])
    writeFileAtomic(pageOf(out), page)
  }
  terminal.result({ out, page: pageOf(out), clips: clips.count, axis, points }, `${out} and ${pageOf(out)}`)
}

const pageOf = (out: string) => `${out.slice(0, -path.extname(out).length)}.html`
