// `anywhere train`: one stage of training on a dataset folder or on synthetic footage made as it goes.
import { loadModel } from '../engine/render/model'
import { hasCheckpoint, runTraining } from '../engine/training/run'
import { stages } from '../engine/training/stages'
import { checkpointFile } from '../engine/training/trainer'
import { UserError } from '../media/errors'
import { defineCommand } from './command'
import { choice, integer, number, otherwise, outputFile, required, seed, text, toggle } from './flags'

export const train = defineCommand({
  flags: {
    model: otherwise(text('mini|FILE', 'what to start from: the preset, untrained, or a model file'), 'mini'),
    stage: required(choice(stages, 'what to train')),
    data: otherwise(text('DIR|synth', 'a dataset folder, or synthetic footage'), 'synth'),
    steps: otherwise(integer(1, 10_000_000, 'steps in all'), 1000),
    batch: otherwise(integer(1, 256, 'clips in a step'), 8),
    learningRate: otherwise(number(0, 1, 'of AdamW, after a short warm-up'), 1e-3),
    every: otherwise(integer(1, 1_000_000, 'steps between checkpoints'), 200),
    resume: toggle('go on from the checkpoint beside --out'),
    seed: seed(),
    out: required(outputFile(['.safetensors'], 'the trained model')),
  },
  examples: [
    'anywhere train --model mini --stage control --data synth --steps 2000 --out control.safetensors',
    'anywhere train --model control.safetensors --stage joint --data footage/ --steps 2000 --out mini.safetensors',
    'anywhere train --model control.safetensors --stage joint --data footage/ --steps 4000 --resume --out mini.safetensors',
  ],
  async run({ model, stage, data, steps, batch, learningRate, every, resume, seed, out }, terminal) {
    const start = model === 'mini' ? undefined : loadModel(model)
    if (!resume && hasCheckpoint(out))
      throw new UserError(`${checkpointFile(out)} exists: give --resume to go on with it, another --out, or delete it`)
    let losses: Readonly<Record<string, number>> = {}
    await runTraining({
      ...{ stage, data, steps, batch, learningRate, seed, every, out, resume },
      ...(start ? { start } : {}),
      onStep: (report) => {
        losses = report.losses
        terminal.progress({ stage, step: report.step, of: report.of, ...report.losses, norm: report.norm })
      },
      signal: terminal.stopSignal(),
    })
    terminal.result({ out, steps, losses }, `${out}: ${steps} steps of stage ${stage}`)
  },
})
