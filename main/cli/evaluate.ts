// `anywhere evaluate`: a model's figures on clips whose truth is known, beside those of doing nothing and of the untrained puppet.
import { evaluate as evaluateModel } from '../engine/evaluation'
import { metricNames, onlyNamed } from '../engine/metrics/summary'
import { openSuite, suiteMetrics, suiteOf } from '../engine/metrics/suite'
import { loadModel } from '../engine/render/model'
import { openSynthetic, unseenSeeds } from '../engine/training/synthetic'
import { openDataset } from '../engine/training/dataset'
import { UserError } from '../media/errors'
import { writeJsonAtomic } from '../media/partials'
import { ablationNames, evaluateAblation } from './ablation'
import { defineCommand } from './command'
import { askedCurve, evaluateCurve, historyOf } from './curves'
import { device, useDeviceOf } from './device'
import {
  choice,
  existingFolder,
  integer,
  integers,
  number,
  otherwise,
  outputFile,
  required,
  seed,
  text,
  toggle,
} from './flags'
import { evaluateAllHints } from './hints'

/** What is measured when nothing else is said. */
const usual = [...metricNames, 'keypoints'] as const

export const evaluate = defineCommand({
  flags: {
    model: otherwise(text('mini|FILE,...', 'model to evaluate; of several, a page of curves is made'), 'mini'),
    history: existingFolder(
      'DIR',
      'models of a training run, named by their steps, instead of --model: a page of curves',
    ),
    data: otherwise(text('DIR|synth', 'a dataset folder, or synthetic clips that no training has seen'), 'synth'),
    clips: otherwise(integer(1, 100_000, 'how many clips, at most'), 60),
    steps: otherwise(integers(1, 100, 'sampling steps; of several, a page of curves is made'), [2]),
    cfg: otherwise(number(0, 20, 'guidance; 1 is none'), 2.5),
    metrics: text(
      'NAME,...',
      `only these: ${usual.join(', ')}, which are the default; ${suiteMetrics.filter((name) => name !== 'keypoints').join(', ')}`,
    ),
    metricWeights: existingFolder(
      'DIR',
      'networks of lpips, fid and fvd: vgg16, lpips, inception, i3d .safetensors; without, their proxies are measured',
    ),
    hints: toggle(
      'measure instead how often the place goes the way each hint says, on clips whose poses leave it open',
    ),
    ablation: choice(
      ablationNames,
      "train and compare the variants of the paper's tables in small, instead of evaluating --model on --data",
    ),
    trainSteps: otherwise(integer(1, 1_000_000, 'of --ablation: steps of the first stage, three times those of the second'), 300), // prettier-ignore
    seeds: otherwise(integer(1, 100, 'of --ablation: runs of each variant'), 3),
    seed: seed(),
    device,
    out: required(outputFile(['.json'], 'the report; with --ablation the runs are kept beside it and gone on from')),
  },
  examples: [
    'anywhere evaluate --model mini --data synth --clips 200 --out report.json',
    'anywhere evaluate --metrics psnr,ssim,lpips,fid,fvd --metric-weights networks --out report.json',
    'anywhere evaluate --hints --clips 100 --out hints.json',
    'anywhere evaluate --steps 1,2,3,4,6,8,12,20 --clips 24 --metrics psnr,pan_r,zoom_r --out steps.json',
    'anywhere evaluate --history checkpoints --clips 60 --out history.json',
    'anywhere evaluate --ablation all --train-steps 300 --seeds 3 --clips 48 --steps 2 --out ablations.json',
  ],
  async run(
    { ablation, hints, history, trainSteps, seeds, data, clips, cfg, metrics, metricWeights, seed, out, ...given },
    terminal,
  ) {
    await useDeviceOf(given.device, terminal)
    const models = history === undefined ? given.model.split(',') : historyOf(history)
    const curve = askedCurve(models, given.steps)
    const [model, steps] = [models[0]!, given.steps[0]!]
    if (curve && (hints || ablation)) throw new UserError(`--${hints ? 'hints' : 'ablation'}: give one --model and one number of --steps`) // prettier-ignore
    if (ablation) return evaluateAblation({ ablation, trainSteps, seeds, clips, steps, cfg, out }, terminal)
    if (hints) return evaluateAllHints({ model, clips, steps, cfg, seed, out }, terminal)
    const asked = metrics ? metrics.split(',') : [...usual]
    const suite = openSuite(suiteOf(asked, metricNames), metricWeights)
    const names: string[] = [...metricNames.filter((name) => asked.includes(name)), ...suite.names]
    if (suite.note) terminal.note(suite.note)
    const loaded = loadModel(model)
    const { frames, fps } = loaded.config
    const dataset =
      data === 'synth' ? openSynthetic({ frames, fps, seed: unseenSeeds + seed, clips }) : openDataset(data)
    const count = Math.min(clips, dataset.clips.length)
    const read = (index: number) => dataset.read(index)
    const options = { seed, guidance: cfg, suite, signal: terminal.stopSignal() }
    if (curve) return evaluateCurve(curve, { count, read }, options, names, out, terminal)
    const whole = await evaluateModel(loaded, count, read, {
      ...{ ...options, steps },
      onClip: (step, of) => {
        terminal.progress({ stage: 'evaluate', step, of })
      },
    })
    const baselines = Object.fromEntries(
      Object.entries(whole.baselines).map(([name, of]) => [name, onlyNamed(names, of)]),
    )
    const report = {
      clips: whole.clips,
      metrics: onlyNamed(names, whole.metrics),
      baselines,
      ci: onlyNamed(names, whole.ci),
      background_steps: whole.background_steps,
    }
    writeJsonAtomic(out, report)
    const show = (name: string) =>
      `${name.padEnd(15)}${[whole.metrics, whole.baselines.puppet, whole.baselines.static].map((of) => of[name]!.toFixed(3).padStart(9)).join('')}`
    terminal.say(`${''.padEnd(15)}${['model', 'puppet', 'static'].map((name) => name.padStart(9)).join('')}`)
    for (const name of names) terminal.say(show(name))
    terminal.result({ out, ...report }, `${out}: ${whole.clips} clips`)
  },
})
