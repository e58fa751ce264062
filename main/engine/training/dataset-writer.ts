// Writing a dataset: all of it into a folder beside its place, which is renamed when whole, so that an interrupted run leaves nothing
// that looks like a dataset.
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { UserError } from '../../media/errors'
import { unwritable, writeJsonAtomic } from '../../media/partials'
import { writeClip } from './clip'
import type { Clip } from './clip'
import { DATASET_FILE } from './dataset'
import type { DatasetDescription } from './dataset'

export interface DatasetSource {
  name: string
  count: number
  /** Clip `index`, and the seed that it came from, if any. */
  make: (index: number) => { clip: Clip; seed?: number }
}

/**
 * Writes a dataset into `dir`, which must be new or empty; `onClip` is told how many clips are done. Throws UserError when it cannot be
 * written, and the signal's reason when aborted.
 */
export async function writeDataset(
  dir: string,
  { name, count, make }: DatasetSource,
  onClip: (done: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<void> {
  const target = path.resolve(dir)
  assertEmpty(dir)
  const partial = path.join(path.dirname(target), `.${path.basename(target)}.partial`)
  const clean = () => {
    rmSync(partial, { recursive: true, force: true })
  }
  process.once('exit', clean)
  try {
    clean()
    mkdirSync(path.join(partial, 'clips'), { recursive: true })
    const clips: DatasetDescription['clips'] = []
    for (let i = 0; i < count; i++) {
      await setImmediate() // lets the user's wish to stop come through
      signal?.throwIfAborted()
      const { clip, seed } = make(i)
      const file = `clips/${String(i).padStart(6, '0')}.safetensors`
      writeClip(path.join(partial, file), clip)
      const { width, height, fps, hint } = clip
      clips.push({ file, width, height, frames: clip.poses.length, fps, hint, ...(seed === undefined ? {} : { seed }) })
      onClip(i + 1)
    }
    writeJsonAtomic(path.join(partial, DATASET_FILE), { version: 1, name, clips } satisfies DatasetDescription)
    rmSync(target, { recursive: true, force: true })
    renameSync(partial, target)
  } catch (error) {
    throw error instanceof Error && 'code' in error ? unwritable(dir, error) : error
  } finally {
    clean()
    process.off('exit', clean)
  }
}

function assertEmpty(dir: string) {
  const stat = statSync(dir, { throwIfNoEntry: false })
  if (!stat) return
  if (!stat.isDirectory()) throw new UserError(`cannot write the dataset to ${dir}: it is a file; choose a folder`)
  if (readdirSync(dir).length > 0)
    throw new UserError(`cannot write the dataset to ${dir}: the folder is not empty; choose a new one`)
}
