// The clips of an ablation: the same for every run. Those with pixels are made once and kept on disk, since making them costs more than
// learning from them; poses alone, and single pictures, are made anew, which is cheap.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { generateClip } from '../synth'
import { openDataset } from '../training/dataset'
import type { Dataset } from '../training/dataset'
import { writeDataset } from '../training/dataset-writer'
import { openSynthetic, synthOptions, unseenSeeds } from '../training/synthetic'
import type { Budget } from './budget'

export interface Footage {
  readonly places: Dataset
  readonly poses: Dataset
  readonly control: Dataset
  readonly pictures: Dataset
  readonly unseen: Dataset
}

/** Seeds of the clips with pixels that are trained on; those of poses begin at 0. */
const pictureSeeds = 500_000

/** Opens the footage in `folder`, making what is missing; `onClip` is told of each clip made. */
export async function openFootage(
  folder: string,
  budget: Budget,
  onClip: (kind: string, done: number, of: number) => void,
  signal: AbortSignal,
): Promise<Footage> {
  const { width, height } = budget
  const { frames, fps } = budget.config
  const shape = { frames, fps, sizes: [[width, height]] } as const
  const onDisk = async (kind: string, seed: number, count: number): Promise<Dataset> => {
    const dir = path.join(folder, `${kind}-${count}-${width}x${height}x${frames}-${fps}fps`)
    if (!existsSync(dir)) {
      const make = (index: number) => {
        const options = synthOptions(seed, index, shape)
        return { clip: generateClip(options), seed: options.seed }
      }
      await writeDataset(dir, { name: kind, count, make }, (done) => { onClip(kind, done, count) }, signal) // prettier-ignore
    }
    return openDataset(dir)
  }
  return {
    places: openSynthetic({ clips: budget.places.clips, seed: 0, ...shape }),
    poses: openSynthetic({ clips: budget.poses.clips, seed: 0, ...shape }),
    control: openSynthetic({ clips: budget.control.clips, seed: 0, ...shape }),
    pictures: await onDisk('pictures', pictureSeeds, budget.joint.clips),
    unseen: await onDisk('unseen', unseenSeeds, budget.measuring.clips),
  }
}
