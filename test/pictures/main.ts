// Contact sheets to be looked at: every human of a folder goes through six motions before every background. One sheet for each pair: a
// row per motion with the human, the place and six frames of the clip; beside it one frame of every clip at its full size.
//   npm run sheets -- --humans DIR --backgrounds DIR --out DIR [--motions FILE,...] [--model mini|FILE] [--side 640] [--frames 24]
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { fitBackground } from '../../main/engine/render/background'
import { findHuman } from '../../main/engine/render/clip'
import type { FoundHuman } from '../../main/engine/render/human'
import { loadModel, usualSettings } from '../../main/engine/render/model'
import { loadPoses } from '../../main/engine/render/motion'
import { render } from '../../main/engine/render/render'
import { flattenPicture, readPicture, resizePicture, writePng } from '../../main/media/pictures'
import type { Picture } from '../../main/media/pictures'
import { SAMPLE_MOTIONS, projectMotion, retarget } from '../../main/motion'
import type { PoseSequence } from '../../main/motion'

const { values } = parseArgs({
  options: {
    humans: { type: 'string', default: 'assets/humans' },
    backgrounds: { type: 'string', default: 'assets/backgrounds' },
    motions: { type: 'string', default: 'walk,wave,dance,turn,approach,kick' },
    out: { type: 'string' },
    model: { type: 'string', default: 'mini' },
    side: { type: 'string', default: '640' },
    frames: { type: 'string', default: '24' },
    fps: { type: 'string', default: '12' },
  },
})
if (!values.out) throw new Error('--out DIR is missing: the folder for the sheets, outside the repository')
const out = values.out
const [side, frames, fps] = [Number(values.side), Number(values.frames), Number(values.fps)]
const cell = 213
const shown = 6
const gap = 4

const pictures = (folder: string) =>
  readdirSync(folder)
    .filter((name) => /\.(png|jpe?g|webp)$/i.test(name))
    .sort()
    .map((name) => path.join(folder, name))
const nameOf = (file: string) => path.basename(file, path.extname(file))

/** The driving poses: a file, a bundled motion, or one of the studio's own motions. */
function posesOf(motion: string, size: { width: number; height: number }): PoseSequence {
  const options = { ...size, fps, frames }
  const bundled = path.join('assets/motions', `${motion}.json`)
  if (existsSync(motion)) return loadPoses(motion, options)
  if (existsSync(bundled)) return loadPoses(bundled, options)
  const make = SAMPLE_MOTIONS[motion as keyof typeof SAMPLE_MOTIONS] as (typeof SAMPLE_MOTIONS)['walk'] | undefined
  if (!make) throw new Error(`motion "${motion}" is no file, nor one of ${Object.keys(SAMPLE_MOTIONS).join(', ')}`)
  return projectMotion(make(), options)
}

/** Pictures put on grey paper. */
class Sheet {
  readonly data: Uint8Array
  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.data = new Uint8Array(width * height * 3).fill(96)
  }
  async put(picture: Picture, x: number, y: number, box: { width: number; height: number }) {
    const scale = Math.min(box.width / picture.width, box.height / picture.height)
    const small = flattenPicture(
      await resizePicture(picture, Math.round(picture.width * scale), Math.round(picture.height * scale)),
    )
    for (let row = 0; row < small.height; row++) {
      const line = small.data.subarray(row * small.width * 3, (row + 1) * small.width * 3)
      this.data.set(line, ((y + row) * this.width + x) * 3)
    }
  }
  async write(file: string) {
    await writePng(file, { width: this.width, height: this.height, channels: 3, data: this.data })
  }
}

mkdirSync(out, { recursive: true })
const model = loadModel(values.model)
const { steps } = usualSettings(model)
const motions = values.motions.split(',')
const humans: { name: string; found: FoundHuman; picture: Picture }[] = []
for (const file of pictures(values.humans))
  humans.push({ name: nameOf(file), found: await findHuman(file), picture: await readPicture(file) })

for (const file of pictures(values.backgrounds)) {
  const place = await readPicture(file)
  const scale = side / Math.max(place.width, place.height)
  const size = { width: 2 * Math.round((place.width * scale) / 2), height: 2 * Math.round((place.height * scale) / 2) }
  const ground = await fitBackground(place, size.width, size.height)
  const box = {
    width: Math.round((cell * size.width) / Math.max(size.width, size.height)),
    height: Math.round((cell * size.height) / Math.max(size.width, size.height)),
  }
  for (const human of humans) {
    const title = `${human.name}-${nameOf(file)}`
    const sheet = new Sheet((box.width + gap) * (shown + 2), (box.height + gap) * motions.length)
    for (const [row, motion] of motions.entries()) {
      const started = performance.now()
      const y = row * (box.height + gap)
      await sheet.put(human.picture, 0, y, box)
      await sheet.put(place, box.width + gap, y, box)
      const poses = retarget(
        posesOf(motion, size),
        { width: human.picture.width, height: human.picture.height, keypoints: human.found.keypoints },
        size,
      )
      const made: Picture[] = []
      await render(
        { model, human: human.found, ground, poses, steps, guidance: 2.5, bml: 1, hint: 'auto', seed: 0 },
        (data) => {
          made.push({ ...size, channels: 3, data })
          return Promise.resolve()
        },
      )
      for (let i = 0; i < shown; i++) {
        const frame = made[Math.round(((i + 0.5) / shown) * made.length - 0.5)]!
        await sheet.put(frame, (i + 2) * (box.width + gap), y, box)
      }
      await writePng(path.join(out, `${title}-${nameOf(motion)}.png`), made[Math.floor(made.length * 0.6)]!)
      process.stdout.write(`${title} ${nameOf(motion)}: ${((performance.now() - started) / 1000).toFixed(1)} s\n`)
    }
    await sheet.write(path.join(out, `${title}.png`))
  }
}
