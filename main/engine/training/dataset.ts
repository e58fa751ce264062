// Where training gets its clips: a folder of them (dataset.json and clips/*.safetensors), or synthetic footage made when asked for.
// Batches hold clips of one shape, since programs are compiled per shape; which clips, follows from seed and step alone.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { UserError, reason } from '../../media/errors'
import { hints } from '../../motion/hints'
import { Random } from '../nn/random'
import { FLOW_CELL, lightBetween, readClip } from './clip'
import type { Clip, PlaceClip, PoseClip } from './clip'

/** Name of the file that makes a folder a dataset; written last. */
export const DATASET_FILE = 'dataset.json'

const side = z.number().int().positive().multipleOf(FLOW_CELL)

const clipEntry = z.object({
  file: z
    .string()
    .regex(/^[^/\\]+(\/[^/\\]+)*$/)
    .refine((file) => !file.split('/').includes('..'), 'leads out of the dataset'),
  width: side,
  height: side,
  frames: z.number().int().positive(),
  fps: z.number().positive(),
  hint: z.enum(hints),
  seed: z.number().int().optional(),
})

const datasetFile = z.object({ version: z.literal(1), name: z.string(), clips: z.array(clipEntry).min(1) })

/** What dataset.json says of a clip: `file` relative to the folder. */
export type ClipEntry = z.infer<typeof clipEntry>
/** Contents of dataset.json. */
export type DatasetDescription = z.infer<typeof datasetFile>

/** Width and height in pixels, number of frames. */
export interface ClipShape {
  readonly width: number
  readonly height: number
  readonly frames: number
}

/** Clips of one shape, by their numbers in the dataset. */
export interface Batch extends ClipShape {
  readonly clips: readonly number[]
}

/** How a dataset's clips can be read. */
export type Reader = 'read' | 'readPlace' | 'readPoses'

export interface Dataset {
  readonly name: string
  readonly clips: readonly ClipShape[]
  /** Clip `index`, whole, with nothing but its place, and without its pictures. Throws UserError naming the file when it is damaged. */
  read(index: number): Clip
  readPlace(index: number): PlaceClip
  readPoses(index: number): PoseClip
  /**
   * Says which clips `reader` will be asked for soon, so that they can be made meanwhile. Settles when they are here; rejects when one cannot be
   * made. Absent where reading is all there is to it.
   */
  soon?(reader: Reader, clips: readonly number[]): Promise<void>
  /** All clips once, shuffled, in batches of `size` clips of one shape; a shape's last batch is filled up with clips it had before. */
  epoch(seed: number, size: number): Batch[]
  /** Batch of step `step` of a run: epoch after epoch, each shuffled anew. */
  batchAt(step: number, seed: number, size: number): Batch
}

/** Opens the dataset in folder `dir`. Throws UserError when it is none, or when a clip that it names is missing. */
export function openDataset(dir: string): Dataset {
  const description = readDescription(dir)
  const fileOf = (index: number) => path.join(dir, description.clips[index]!.file)
  description.clips.forEach((_, i) => {
    if (!existsSync(fileOf(i))) throw new UserError(`dataset ${dir} is incomplete: ${fileOf(i)} is missing`)
  })
  const read = (index: number): Clip => {
    const clip = readClip(fileOf(index))
    const { width, height, frames } = description.clips[index]!
    if (clip.width !== width || clip.height !== height || clip.poses.length !== frames) {
      const found = `${clip.width}x${clip.height}x${clip.poses.length}`
      throw new UserError(`${fileOf(index)} is ${found}, but ${DATASET_FILE} says ${width}x${height}x${frames}`)
    }
    return clip
  }
  const readPlace = (index: number) => firstPlace(read(index))
  return datasetOf(description.name, description.clips, { read, readPlace, readPoses: read })
}

/** What a whole clip knows of its place. */
function firstPlace(clip: Clip): PlaceClip {
  const pixels = clip.width * clip.height
  const person = [clip.frames.subarray(0, 3 * pixels), clip.humanMask.subarray(0, pixels)] as const
  return {
    ...clip,
    ground: clip.background.subarray(0, 3 * pixels),
    light: lightBetween(person, [clip.referenceHuman, clip.referenceMask]),
  }
}

function readDescription(dir: string): DatasetDescription {
  const file = path.join(dir, DATASET_FILE)
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const why = existsSync(file) ? reason(error) : `it has no ${DATASET_FILE}`
    throw new UserError(`${dir} is not a dataset: ${why}; make one with 'anywhere synth' or 'anywhere analyse'`)
  }
  const parsed = datasetFile.safeParse(content)
  if (parsed.success) return parsed.data
  const { path: where, message } = parsed.error.issues[0]!
  throw new UserError(`${file} is damaged at ${where.join('.') || 'its top'}: ${message}`)
}

/**
 * A dataset of these clips, read by these functions. Shuffled, unless their order is as good as chance and reading neighbours together
 * is cheaper (`inOrder`).
 */
export function datasetOf(
  name: string,
  clips: readonly ClipShape[],
  readers: Pick<Dataset, Reader | 'soon'>,
  inOrder = false,
): Dataset {
  const groups = byShape(clips)
  let latest: { key: string; batches: Batch[] } | undefined
  const makeEpoch = (of: string, size: number) =>
    inOrder ? orderedEpoch(groups, clips, size) : shuffledEpoch(groups, clips, new Random(of), size)
  const epoch = (seed: number, size: number) => makeEpoch(`epoch ${seed}`, size)
  const batchAt = (step: number, seed: number, size: number) => {
    const count = groups.reduce((sum, group) => sum + Math.ceil(group.length / size), 0)
    const random = `${seed} ${Math.floor(step / count)}`
    const key = `${random} ${size}`
    if (latest?.key !== key) latest = { key, batches: makeEpoch(`epoch ${random}`, size) }
    return latest.batches[step % count]!
  }
  return { name, clips, ...readers, epoch, batchAt }
}

function byShape(clips: readonly ClipShape[]): number[][] {
  const groups = new Map<string, number[]>()
  clips.forEach(({ width, height, frames }, i) => {
    const key = `${width}x${height}x${frames}`
    const group = groups.get(key)
    if (group) group.push(i)
    else groups.set(key, [i])
  })
  return [...groups.values()]
}

function shuffledEpoch(
  groups: readonly number[][],
  clips: readonly ClipShape[],
  random: Random,
  size: number,
): Batch[] {
  return random.shuffle(groups.flatMap((group) => batchesOf(random.shuffle(group), clips, size)))
}

/** The first batch of every shape, the second of every shape, and so on. */
function orderedEpoch(groups: readonly number[][], clips: readonly ClipShape[], size: number): Batch[] {
  const byShape = groups.map((group) => batchesOf(group, clips, size))
  const most = Math.max(...byShape.map(({ length }) => length))
  return Array.from({ length: most }, (_, b) => byShape.flatMap((batches) => batches[b] ?? [])).flat()
}

function batchesOf(order: readonly number[], clips: readonly ClipShape[], size: number): Batch[] {
  const { width, height, frames } = clips[order[0]!]!
  return Array.from({ length: Math.ceil(order.length / size) }, (_, b): Batch => {
    const chosen = Array.from({ length: size }, (_, i) => order[(b * size + i) % order.length]!)
    return { width, height, frames, clips: chosen }
  })
}
