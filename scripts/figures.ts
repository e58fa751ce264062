// `npm run figures`: docs/demo.jpg, what the bundled model makes of the bundled samples. A row for each kind of camera that poses ask for:
// human, place and motion, then frames of the clip.
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { writeFileAtomic } from '../main/media/partials'
import type { Picture } from '../main/media/pictures'
import { drawPose } from '../main/motion/draw'
import { findHuman, makeClip } from '../main/engine/render/clip'
import { loadModel, usualSettings } from '../main/engine/render/model'
import { loadPoses } from '../main/engine/render/motion'

const root = path.resolve(import.meta.dirname, '..')
const rows = [
  { human: 'mara', background: 'promenade', motion: 'walk', at: [2, 14, 26, 38] }, // goes by
  { human: 'tom', background: 'colonnade', motion: 'approach', at: [2, 12, 22, 32] }, // draws back
  { human: 'ines', background: 'promenade', motion: 'dance', at: [2, 10, 18, 26] }, // stands
] as const
const [width, height, gap] = [320, 180, 4]
const [small, columns] = [Math.round((height * 2) / 3), 4]

const scratch = mkdtempSync(path.join(os.tmpdir(), 'anywhere-figures-'))
const model = loadModel('mini')
const jpeg = (picture: Picture) =>
  sharp(picture.data, { raw: { width: picture.width, height: picture.height, channels: picture.channels } })
const fitted = (file: string, w: number) =>
  sharp(path.join(root, 'assets', file))
    .flatten()
    .resize(w, height, { fit: 'cover' })
    .png()
    .toBuffer()

const pictures: { input: Buffer; left: number; top: number }[] = []
for (const [r, { human, background, motion, at }] of rows.entries()) {
  const files = {
    human: path.join(root, `assets/humans/${human}.png`),
    background: path.join(root, `assets/backgrounds/${background}.jpg`),
    motion: path.join(root, `assets/motions/${motion}.json`),
  }
  const frames: Picture[] = []
  const last = at[at.length - 1]! + 1
  const { fps, steps } = usualSettings(model)
  await makeClip({
    ...files,
    ...{ model, fps, steps, guidance: 2.5, bml: 1, hint: 'auto', seed: 0, frames: last },
    size: { width: 2 * width, height: 2 * height },
    out: path.join(scratch, 'clip.mp4'),
    find: findHuman,
    onPicture: (picture) => void frames.push({ ...picture, data: Uint8Array.from(picture.data) }),
  })
  const poses = loadPoses(files.motion, { width, height, fps, frames: last })
  const skeleton = { width, height, channels: 3 as const, data: drawPose(poses.frames[at[1]]!, width, height) }
  const row = [
    await fitted(`humans/${human}.png`, small),
    await fitted(`backgrounds/${background}.jpg`, width),
    await jpeg(skeleton).png().toBuffer(),
    // The first picture that a clip gives is its place alone.
    ...(await Promise.all(
      at.map((t) =>
        jpeg(frames[t + 1]!)
          .resize(width, height)
          .png()
          .toBuffer(),
      ),
    )),
  ]
  let left = 0
  row.forEach((input, i) => {
    pictures.push({ input, left, top: r * (height + gap) })
    left += (i === 0 ? small : width) + (i === 2 ? 4 * gap : gap)
  })
}
rmSync(scratch, { recursive: true })
const canvas = {
  width: small + (2 + columns) * (width + gap) + 4 * gap,
  height: rows.length * (height + gap) - gap,
  channels: 3 as const,
  background: '#ffffff',
}
const page = sharp({ create: canvas }).composite(pictures)
writeFileAtomic(path.join(root, 'docs/demo.jpg'), await page.jpeg({ quality: 86 }).toBuffer())
