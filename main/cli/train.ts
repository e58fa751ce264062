// `anywhere train`: one stage of training on a dataset folder or on synthetic footage made as it goes.
import { showMemory } from '../engine/backends/onnx'
import { loadModel } from '../engine/render/model'
import { ClipMakers } from '../engine/synth/makers'
import { epipolarModes, paperEpipolar } from '../engine/training/epipolar-loss'
import { defaultHandOptions, readVgg16 } from '../engine/training/hand-loss'
import { hasCheckpoint, runTraining } from '../engine/training/run'
import { MadeClips } from '../engine/training/made-clips'
import { stages } from '../engine/training/stages'
import { checkpointFile } from '../engine/training/trainer'
import { UserError } from '../media/errors'
import { defineCommand } from './command'
import { device, useDeviceOf } from './device'
import { choice, existingFile, integer, number, otherwise, outputFile, required, seed, text, toggle } from './flags'

export const train = defineCommand({
  flags: {
    model: otherwise(
      text(
        'mini|FILE|DIR',
        'what to start from: the preset, untrained (for an adapter: the bundled model), a model file, or an imported folder',
      ),
      'mini',
    ),
    stage: required(choice(stages, 'what to train')),
    data: otherwise(text('DIR|synth', 'a dataset folder, or synthetic footage'), 'synth'),
    steps: otherwise(integer(1, 10_000_000, 'steps in all'), 1000),
    batch: otherwise(integer(1, 256, 'clips in a batch'), 8),
    accumulate: otherwise(
      integer(1, 1024, 'batches whose gradients make one step, where memory holds no larger batch'),
      1,
    ),
    learningRate: otherwise(number(0, 1, 'of AdamW, after a short warm-up'), 1e-3),
    every: otherwise(integer(1, 1_000_000, 'steps between checkpoints'), 200),
    epipolar: otherwise(choice(epipolarModes, 'epipolar loss of the stages that see pictures'), 'adaptive'),
    vgg16: existingFile(
      'FILE',
      "vgg16.safetensors with torchvision's weights, to see hands with; without it our own filter bank does",
    ),
    resume: toggle('go on from the checkpoint beside --out'),
    seed: seed(),
    device,
    out: required(outputFile(['.safetensors'], 'the trained model, or the adapter')),
  },
  examples: [
    'anywhere train --model mini --stage poses --batch 64 --steps 9000 --out poses.safetensors',
    'anywhere train --model poses.safetensors --stage places --batch 32 --steps 2500 --out places.safetensors',
    'anywhere train --model places.safetensors --stage control --data synth --steps 2000 --out control.safetensors',
    'anywhere train --model control.safetensors --stage joint --data footage/ --steps 2000 --out mini.safetensors',
    'anywhere train --model control.safetensors --stage joint --data footage/ --steps 4000 --resume --out mini.safetensors',
    'anywhere train --model mini --stage adapter --data footage/ --steps 300 --out me.safetensors',
  ],
  async run(
    {
      model,
      stage,
      data,
      steps,
      batch,
      accumulate,
      learningRate,
      every,
      epipolar,
      vgg16,
      resume,
      seed,
      device: asked,
      out,
    },
    terminal,
  ) {
    await useDeviceOf(asked, terminal)
    const start = model === 'mini' && stage !== 'adapter' ? undefined : loadModel(model)
    if (!resume && hasCheckpoint(out))
      throw new UserError(`${checkpointFile(out)} exists: give --resume to go on with it, another --out, or delete it`)
    let losses: Readonly<Record<string, number>> = {}
    const makers = new ClipMakers()
    await runTraining({
      ...{ stage, data, steps, batch, accumulate, learningRate, seed, every, out, resume },
      made: new MadeClips({ makers }),
      ...(start ? { start } : {}),
      epipolar: { ...paperEpipolar, mode: epipolar },
      ...(vgg16 ? { hand: { ...defaultHandOptions, vgg16: readVgg16(vgg16) } } : {}),
      onMemory: (plan) => {
        terminal.note(showMemory(plan))
      },
      onStep: (report) => {
        losses = report.losses
        for (const note of report.notes) terminal.note(note)
        terminal.progress({ stage, step: report.step, of: report.of, ...report.losses, norm: report.norm })
      },
      signal: terminal.stopSignal(),
    }).finally(() => makers.close())
    terminal.result({ out, steps, losses }, `${out}: ${steps} steps of stage ${stage}`)
  },
})
