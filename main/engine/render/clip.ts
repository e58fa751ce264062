// From the artist's files to a finished MP4: what the command line and the engine process both do. Reads and checks everything
// first, so that a bad file costs no time; the video has its name only when it is whole.
import { detectPerson, loadKeypointsFile } from '../perception'
import { readPicture } from '../../media/pictures'
import type { Picture } from '../../media/pictures'
import { openVideoWriter } from '../../media/video'
import type { Hint } from '../../motion/hints'
import { retarget } from '../../motion'
import type { MemoryPlan } from '../backends/onnx'
import { askedHints } from '../diffusion/hint-strength'
import type { Crop } from './background'
import { fitBackground } from './background'
import type { FoundHuman } from './human'
import type { Model } from './model'
import { loadPoses } from './motion'
import { render } from './render'
import { countWindows } from './thinking'

export interface ClipJob {
  /** Files; the motion may be a folder of OpenPose .json files. */
  readonly human: string
  readonly background: string
  readonly motion: string
  /** The MP4 to write. */
  readonly out: string
  readonly model: Model
  /** Absent: the background's shape, `defaultLongSide` pixels long. */
  readonly size?: { readonly width: number; readonly height: number }
  /** Absent: the motion's own length, up to ten seconds. */
  readonly frames?: number
  readonly fps: number
  readonly steps: number
  readonly guidance: number
  readonly bml: number
  readonly hint: Hint
  /** 0 as with 'auto', 1 (when absent) as learned, 2 twice as far. */
  readonly hintStrength?: number
  readonly seed: number
  readonly crop?: Crop
  /** Finds the person in the human's picture; see `findHuman`. */
  readonly find: (file: string) => Promise<FoundHuman>
  /** Told before sampling starts, for models that are read from their files. */
  readonly onMemory?: (plan: MemoryPlan) => void
  /** Called before the first progress, as soon as the amount of work is known. */
  readonly onPlan?: (plan: Plan) => void
  /** Waited for: the place to let others have their turn. */
  readonly onProgress?: (progress: ClipProgress) => void | Promise<void>
  /** The newest picture there is of the clip: the place alone at first, then each frame. Waited for. */
  readonly onPicture?: (picture: Picture) => void | Promise<void>
  /** Called when every frame is written, just before the MP4 gets its name. */
  readonly onDone?: (made: MadeClip) => void
  readonly signal?: AbortSignal
}

export const clipStages = ['find the person', 'sample', 'compose', 'encode'] as const
export type ClipStage = (typeof clipStages)[number]

export interface ClipProgress {
  readonly stage: ClipStage
  readonly step: number
  readonly of: number
}

/** The stages in order, each with its share of the work; the sum is 1. */
export type Plan = readonly { readonly stage: string; readonly share: number }[]

export interface MadeClip {
  readonly width: number
  readonly height: number
  readonly frames: number
  readonly fps: number
}

/** Long side of a clip whose size is not given, in pixels. */
export const defaultLongSide = 640

/** The person in a picture file, and how many people there are; `keypoints` is a file that says where its joints are. */
export async function findHuman(file: string, keypoints?: string): Promise<FoundHuman & { readonly people: number }> {
  const picture = await readPicture(file)
  const given = keypoints ? { keypoints: loadKeypointsFile(keypoints, picture) } : {}
  const found = await detectPerson(picture, given)
  return { picture, keypoints: found.keypoints, mask: found.mask, people: found.people }
}

/** Makes the clip. Throws UserError for what the files lack, the signal's reason when aborted; both leave no file. */
export async function makeClip(job: ClipJob): Promise<MadeClip> {
  const { model, fps, signal } = job
  const background = await readPicture(job.background)
  const { width, height } = job.size ?? sizeLike(background)
  const driving = loadPoses(job.motion, { width, height, fps, ...(job.frames ? { frames: job.frames } : {}) })
  const frames = driving.frames.length
  const made: MadeClip = { width, height, frames, fps }
  job.onPlan?.(
    planOf({
      windows: countWindows(model.config, frames, fps) * askedHints(job.hint, job.hintStrength).length,
      steps: job.steps,
      frames,
      width,
      height,
    }),
  )
  await job.onProgress?.({ stage: 'find the person', step: 0, of: 1 })
  const ground = await fitBackground(background, width, height, job.crop)
  await job.onPicture?.(ground.first)
  signal?.throwIfAborted()
  const human = await job.find(job.human)
  await job.onProgress?.({ stage: 'find the person', step: 1, of: 1 })
  signal?.throwIfAborted()
  const poses = retarget(driving, { ...human.picture, keypoints: human.keypoints }, { width, height })
  const writer = await openVideoWriter(job.out, { width, height, fps })
  try {
    await render({ ...job, human, ground, poses }, async (data) => {
      await writer.write(data)
      await job.onPicture?.({ width, height, channels: 3, data })
    })
    await job.onProgress?.({ stage: 'encode', step: 0, of: 1 })
    signal?.throwIfAborted()
    job.onDone?.(made)
    await writer.finish()
  } catch (error) {
    await writer.abort()
    throw error
  }
  await job.onProgress?.({ stage: 'encode', step: 1, of: 1 })
  return made
}

/** The picture's shape at the default size, both sides even. */
function sizeLike(picture: Picture): { width: number; height: number } {
  const scale = defaultLongSide / Math.max(picture.width, picture.height)
  const even = (v: number) => Math.max(64, 2 * Math.round((v * scale) / 2))
  return { width: even(picture.width), height: even(picture.height) }
}

/** Seconds on a machine of two cores, where the mini model was measured: only their proportions count. */
const cost = { find: 2.6, prepare: 1.2, windowStep: 0.07, compile: 0.4, framePixel: 0.3e-6, encode: 0.3 }

function planOf(work: { windows: number; steps: number; frames: number; width: number; height: number }): Plan {
  const seconds: Record<ClipStage, number> = {
    'find the person': cost.find,
    sample: cost.prepare + cost.windowStep * work.windows * work.steps,
    compose: cost.compile + cost.framePixel * work.frames * work.width * work.height,
    encode: cost.encode,
  }
  const all = clipStages.reduce((sum, stage) => sum + seconds[stage], 0)
  return clipStages.map((stage) => ({ stage, share: seconds[stage] / all }))
}
