// `anywhere render`: a human, a background and a motion become a clip; beside it a JSON file with everything that made it.
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { hints } from '../motion/hints'
import { showMemory } from '../engine/backends/onnx'
import { NoPersonError } from '../engine/perception'
import { defaultLongSide, findHuman, makeClip } from '../engine/render/clip'
import { loadModel, usualSettings } from '../engine/render/model'
import { UserError } from '../media/errors'
import { removePartials, writeJsonAtomic } from '../media/partials'
import { defineCommand } from './command'
import { device, useDeviceOf } from './device'
import {
  choice,
  existingFile,
  existingPath,
  integer,
  number,
  otherwise,
  outputFile,
  required,
  seed,
  size,
  text,
} from './flags'

export const render = defineCommand({
  flags: {
    human: required(existingFile('IMG', 'picture of a person')),
    background: required(existingFile('IMG', 'picture of a place')),
    motion: required(existingPath('FILE', 'BVH, motion .json, or folder of OpenPose .json files')),
    out: required(outputFile(['.mp4'], 'the clip')),
    model: otherwise(text('mini|FILE|DIR', 'model to render with: a trained file or an imported folder'), 'mini'),
    adapter: existingFile('FILE', 'what fine-tuning made for this model (train --stage adapter)'),
    keypoints: existingFile('FILE', "the human's key points, instead of finding them (OpenPose .json)"),
    frames: integer(1, 3600, 'frames of the clip; the length of the motion, up to 10 s, when absent'),
    fps: number(1, 120, 'frames per second; 24, or what an imported model was made for, when absent'),
    size: size(`size of the clip; the background's shape, ${defaultLongSide} px long, when absent`),
    steps: integer(1, 100, 'sampling steps; 2, or 50 for an imported model, when absent'),
    cfg: otherwise(number(0, 20, 'guidance by pictures and pose; 1 is none'), 2.5),
    bml: otherwise(number(0, 3, 'strength of the background motion learner'), 1),
    hint: otherwise(choice(hints, 'what the camera does where the poses leave it open'), 'auto'),
    hintStrength: otherwise(number(0, 2, 'how far the hint is followed: 0 not at all, 1 as learned'), 1),
    seed: seed(),
    device,
  },
  examples: [
    'anywhere render --human me.jpg --background beach.jpg --motion walk.bvh --out walk.mp4',
    'anywhere render --human me.jpg --background beach.jpg --motion dance.bvh --hint static --size 1280x720 --out dance.mp4',
  ],
  async run(flags, terminal) {
    await useDeviceOf(flags.device, terminal)
    const { human, background, motion, out, cfg, bml, hint, hintStrength, seed } = flags
    const signal = terminal.stopSignal()
    const model = loadModel(flags.model, flags.adapter)
    const usual = usualSettings(model)
    const { fps = usual.fps, steps = usual.steps } = flags
    const made = await makeClip({
      ...{ human, background, motion, out, model, fps, steps, guidance: cfg, bml, hint, hintStrength, seed, signal },
      ...(flags.size ? { size: flags.size } : {}),
      ...(flags.frames ? { frames: flags.frames } : {}),
      find: async (file) => {
        const found = await findHuman(file, flags.keypoints).catch((error: unknown) => {
          throw error instanceof NoPersonError ? new UserError(`${error.message} or give --keypoints FILE`) : error
        })
        if (found.people > 1) terminal.note(`${found.people} people in "${human}"; the largest is taken`)
        return found
      },
      onMemory: (plan) => {
        terminal.note(showMemory(plan))
      },
      onProgress: (progress) => {
        terminal.progress({ ...progress })
      },
    }).catch((error: unknown) => {
      removePartials()
      throw error
    })
    const settings = {
      human: source(human),
      background: source(background),
      motion: source(motion),
      model: { name: flags.model, sha256: model.hash },
      ...(flags.adapter && model.adapter
        ? { adapter: { file: path.basename(flags.adapter), sha256: model.adapter.hash } }
        : {}),
      ...made,
      ...{ steps, cfg, bml, hint, hintStrength, seed },
    }
    writeJsonAtomic(`${out.slice(0, -path.extname(out).length)}.json`, settings)
    terminal.result({ out, ...settings }, `${out}: ${made.frames} frames of ${made.width}x${made.height} at ${fps} fps`)
  },
})

/** A file's name and what was in it; a folder's name. */
function source(file: string): { file: string; sha256?: string } {
  if (statSync(file).isDirectory()) return { file: path.basename(file) }
  return { file: path.basename(file), sha256: createHash('sha256').update(readFileSync(file)).digest('hex') }
}
