// `anywhere render`: a human, a background and a motion become a clip; beside it a JSON file with everything that made it.
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { hints } from '../motion/hints'
import { detectPerson, loadKeypointsFile } from '../engine/perception'
import { loadModel } from '../engine/render/model'
import { loadPoses } from '../engine/render/motion'
import { render as renderClip } from '../engine/render/render'
import { removePartials, writeJsonAtomic } from '../media/partials'
import { readPicture } from '../media/pictures'
import type { Picture } from '../media/pictures'
import { openVideoWriter } from '../media/video'
import { retarget } from '../motion'
import { defineCommand } from './command'
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

/** Long side of a clip whose size is not given, in pixels. */
const defaultLongSide = 640

export const render = defineCommand({
  flags: {
    human: required(existingFile('IMG', 'picture of a person')),
    background: required(existingFile('IMG', 'picture of a place')),
    motion: required(existingPath('FILE', 'BVH, motion .json, or folder of OpenPose .json files')),
    out: required(outputFile(['.mp4'], 'the clip')),
    model: otherwise(text('mini|FILE', 'model to render with'), 'mini'),
    keypoints: existingFile('FILE', "the human's key points, instead of finding them (OpenPose .json)"),
    frames: integer(1, 3600, 'frames of the clip; the length of the motion, up to 10 s, when absent'),
    fps: otherwise(number(1, 120, 'frames per second'), 24),
    size: size(`size of the clip; the background's shape, ${defaultLongSide} px long, when absent`),
    steps: otherwise(integer(1, 100, 'sampling steps'), 6),
    cfg: otherwise(number(0, 20, 'guidance by pictures and pose; 1 is none'), 2.5),
    bml: otherwise(number(0, 3, 'strength of the background motion learner'), 1),
    hint: otherwise(choice(hints, 'what the camera does where the poses leave it open'), 'auto'),
    seed: seed(),
  },
  examples: [
    'anywhere render --human me.jpg --background beach.jpg --motion walk.bvh --out walk.mp4',
    'anywhere render --human me.jpg --background beach.jpg --motion dance.bvh --hint static --size 1280x720 --out dance.mp4',
  ],
  async run(flags, terminal) {
    const { human, background, motion, out, fps, steps, cfg, bml, hint, seed } = flags
    const signal = terminal.stopSignal()
    const model = loadModel(flags.model)
    const picture = await readPicture(human)
    const place = await readPicture(background)
    const { width, height } = flags.size ?? sizeLike(place)
    const driving = loadPoses(motion, { width, height, fps, ...(flags.frames ? { frames: flags.frames } : {}) })
    terminal.progress({ stage: 'find the person', step: 0, of: 1 })
    const given = flags.keypoints ? { keypoints: loadKeypointsFile(flags.keypoints, picture) } : {}
    const found = await detectPerson(picture, given)
    terminal.progress({ stage: 'find the person', step: 1, of: 1 })
    if (found.people > 1) terminal.note(`${found.people} people in "${human}"; the largest is taken`)
    const poses = retarget(driving, { ...picture, keypoints: found.keypoints }, { width, height })
    signal.throwIfAborted()
    const writer = await openVideoWriter(out, { width, height, fps })
    try {
      await renderClip(
        {
          model,
          human: { picture, keypoints: found.keypoints, mask: found.mask },
          background: place,
          poses,
          steps,
          guidance: cfg,
          bml,
          hint,
          seed,
          onProgress: (progress) => {
            terminal.progress({ ...progress })
          },
          signal,
        },
        (frame) => writer.write(frame),
      )
      await writer.finish()
    } catch (error) {
      await writer.abort()
      removePartials()
      throw error
    }
    const settings = {
      human: source(human),
      background: source(background),
      motion: source(motion),
      model: { name: flags.model, sha256: model.hash },
      ...{ width, height, fps, frames: poses.frames.length, steps, cfg, bml, hint, seed },
    }
    writeJsonAtomic(`${out.slice(0, -path.extname(out).length)}.json`, settings)
    terminal.result({ out, ...settings }, `${out}: ${poses.frames.length} frames of ${width}x${height} at ${fps} fps`)
  },
})

/** The picture's shape at the default size, both sides even. */
function sizeLike(picture: Picture): { width: number; height: number } {
  const scale = defaultLongSide / Math.max(picture.width, picture.height)
  const even = (v: number) => Math.max(64, 2 * Math.round((v * scale) / 2))
  return { width: even(picture.width), height: even(picture.height) }
}

/** A file's name and what was in it; a folder's name. */
function source(file: string): { file: string; sha256?: string } {
  if (statSync(file).isDirectory()) return { file: path.basename(file) }
  return { file: path.basename(file), sha256: createHash('sha256').update(readFileSync(file)).digest('hex') }
}
