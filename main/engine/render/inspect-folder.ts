// What importing a diffusers folder tells its owner: what was found, what was not, and what computing with it will need here.
import os from 'node:os'
import path from 'node:path'
import { statfsSync } from 'node:fs'
import { memoryPlan } from '../backends/onnx'
import { clipFrames, copiedFrom, importedConfig, latentShape } from '../models/animate-anywhere'
import type { AnimateAnywhereConfig } from '../models/animate-anywhere'
import { openDiffusersFolder } from '../weights/diffusers-folder'
import type { DiffusersFolder, PartFacts } from '../weights/diffusers-folder'
import { latentProgram } from './latent-clip'

export interface FolderReport extends Pick<DiffusersFolder, 'dir' | 'hash' | 'bytes' | 'imageLatentScale' | 'solver'> {
  /** What to call it: the model's published name where the folder tells it. */
  readonly name: string
  readonly parts: Readonly<Record<string, PartFacts>>
  /** Denoising clips of these sizes, all in bytes; `readPerStep` is read from the disk again in every step. */
  readonly memory: readonly MemoryNeed[]
  readonly disk: {
    /** Of the folder; nothing is copied. */
    readonly bytes: number
    readonly free: number
  }
  /** What is missing or noteworthy, each in one line. */
  readonly notes: readonly string[]
}

export interface MemoryNeed {
  readonly clip: string
  readonly needs: number
  readonly has: number
  readonly readPerStep: number
}

/** The sizes that the published models were made for: the authors' own, and the smallest useful one. */
const clips = [
  { width: 1360, height: 768, frames: 81 },
  { width: 720, height: 480, frames: 49 },
]

/** Checks the folder and plans clips with it. Throws UserError when AnimateAnywhere cannot be built on it. */
export function inspectFolder(place: string): FolderReport {
  const folder = openDiffusersFolder(place)
  const config = importedConfig(folder.transformer.config, folder.dir)
  const { bavail, bsize } = statfsSync(folder.dir)
  const { dir, hash, bytes, imageLatentScale, solver, parts } = folder
  const memory = clips.map((clip) => memoryFor(folder, config, clip))
  const notes: string[] = []
  if (!folder.textEncoder)
    notes.push(
      'no text encoder: the zero embedding, which the model was trained with for no text, stands for every prompt',
    )
  if (memory.every(({ needs, has }) => needs > has))
    notes.push('no clip of these sizes fits the memory of this machine; smaller and shorter ones may')
  return {
    ...{ dir, hash, bytes, imageLatentScale, solver, parts, memory, notes },
    name: nameOf(dir),
    disk: { bytes, free: bavail * bsize },
  }
}

function memoryFor(
  folder: DiffusersFolder,
  config: AnimateAnywhereConfig,
  { width, height, frames }: (typeof clips)[number],
): MemoryNeed {
  const shape = latentShape(config, folder.vae.config, { width, height, frames: clipFrames(config, frames) })
  const built = latentProgram(config, shape, config.transformer.max_text_seq_length)
  const base = folder.transformer.weights
  const external = built.inputs.flatMap(({ name }) => {
    // The ControlNet and the ReferenceNet begin as the base's own weights.
    const weight = base[name!] ?? base[copiedFrom(name!)]
    return weight ? [[name!, weight] as const] : []
  })
  const { needs, has, readPerStep } = memoryPlan(built, Object.fromEntries(external))
  return { clip: `${frames} frames of ${width}x${height}`, needs, has, readPerStep }
}

/** The folder's name; of a Hub cache's snapshot, whose folder is only a number, the name of the model. */
function nameOf(dir: string): string {
  const hub = /models--[^/\\]+?--([^/\\]+)[/\\]snapshots[/\\][^/\\]+$/.exec(dir)
  return hub?.[1] ?? (path.basename(dir) || os.hostname())
}
