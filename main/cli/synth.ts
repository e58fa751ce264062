// `anywhere synth`: synthetic footage with everything known about it, as a dataset folder.
import path from 'node:path'
import { SYNTH_FPS, SYNTH_FRAMES, SYNTH_SIZES, clipStrip, generateClip } from '../engine/synth'
import { writeDataset } from '../engine/training/dataset-writer'
import { synthOptions } from '../engine/training/synthetic'
import { contactSheet } from '../media/contact-sheet'
import { UserError } from '../media/errors'
import { writeFileAtomic } from '../media/partials'
import { encodeJpeg, writePng } from '../media/pictures'
import type { Picture } from '../media/pictures'
import { defineCommand } from './command'
import { integer, otherwise, outputFile, outputFolder, required, seed } from './flags'
import type { Flag } from './flags'

type Sizes = readonly (readonly [width: number, height: number])[]

const sizes: Flag<Sizes | undefined> = {
  placeholder: 'WxH,...',
  help: `sizes that the clips have in turn (default: ${SYNTH_SIZES.map((side) => side.join('x')).join(',')})`,
  parse: (value) =>
    value.split(',').map((size) => {
      const match = /^(\d+)x(\d+)$/i.exec(size)
      const [width, height] = [Number(match?.[1]), Number(match?.[2])]
      if (!match || [width, height].some((side) => side % 16 !== 0 || side < 32 || side > 1024))
        throw new UserError(`"${size}" is not a size; write it as 96x64, each side a multiple of 16 from 32 to 1024`)
      return [width, height] as const
    }),
}

/** Clips on a sheet at most, and how many beside each other. */
const SHEET = 48
const ACROSS = 2

async function writeSheet(file: string, strips: readonly Picture[]): Promise<void> {
  const picture = contactSheet(strips, ACROSS)
  if (path.extname(file).toLowerCase() === '.png') await writePng(file, picture)
  else writeFileAtomic(file, await encodeJpeg(picture, Math.max(picture.width, picture.height)))
}

export const synth = defineCommand({
  flags: {
    clips: required(integer(1, 1_000_000, 'how many clips')),
    seed: seed(),
    frames: otherwise(integer(1, 1000, 'frames per clip'), SYNTH_FRAMES),
    fps: otherwise(integer(1, 60, 'frames per second'), SYNTH_FPS),
    size: sizes,
    sheet: outputFile(['.jpg', '.png'], `a picture of the first ${SHEET} clips: each its person and three frames`),
    out: required(outputFolder('dataset folder to make; new or empty')),
  },
  examples: [
    'anywhere synth --clips 1000 --seed 0 --out footage',
    'anywhere synth --clips 50 --size 192x128 --frames 25 --out wide',
    'anywhere synth --clips 24 --size 192x128 --sheet footage.jpg --out look',
  ],
  async run({ clips, seed, frames, fps, size, sheet, out }, terminal) {
    const strips: Picture[] = []
    const make = (index: number) => {
      const options = synthOptions(seed, index, { frames, fps, sizes: size ?? SYNTH_SIZES })
      const clip = generateClip(options)
      if (sheet && index < SHEET) strips.push(clipStrip(clip))
      return { clip, seed: options.seed }
    }
    const report = (step: number) => {
      terminal.progress({ stage: 'clips', step, of: clips })
    }
    await writeDataset(out, { name: 'synth', count: clips, make }, report, terminal.stopSignal())
    if (sheet) await writeSheet(sheet, strips)
    terminal.result({ out, clips, ...(sheet ? { sheet } : {}) }, `${out}: ${clips} clips`)
  },
})
