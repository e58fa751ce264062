// `npm run assets`: makes the sample humans, backgrounds and motions of assets/ from nothing but this repository. Same code, same
// pictures. `npm run assets -- promenade walk` makes only those. The pictures take minutes each; nothing else ever needs this.
import { mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { rgb } from '../main/engine/synth/colour'
import { writeFileAtomic } from '../main/media/partials'
import type { Picture } from '../main/media/pictures'
import { serializeMotion } from '../main/motion'
import type { Framing, Motion } from '../main/motion'
import { SAMPLE_MOTIONS } from '../main/motion/samples'
import { creases, model, standing } from './studio/body'
import { Clay } from './studio/clay'
import { colonnade } from './studio/colonnade'
import { develop } from './studio/develop'
import { loft } from './studio/loft'
import { PEOPLE } from './studio/people'
import { takePhotograph } from './studio/photograph'
import { takePortrait } from './studio/portrait'
import { promenade } from './studio/promenade'

const sets = { promenade, loft, colonnade }
const folder = path.resolve(import.meta.dirname, '../assets')

/** Backdrops that set each person's clothes off. */
const backdrops: Record<string, number> = { mara: 0xc9d3d6, tom: 0xd9d2c8, ines: 0xcdd5c8 }

/** How each motion is seen: a walk from the side, the camera going along; what stays in place, from the front. */
const side: Framing = { mode: 'follow', x: 0.5, y: 0.55, height: 0.72, yaw: 62 }
const front: Framing = { mode: 'follow', x: 0.5, y: 0.54, height: 'auto', yaw: 0 }
const still: Framing = { mode: 'static', height: 0.74, yaw: 0 }
const motions: Record<string, () => Motion> = {
  walk: () => ({ ...SAMPLE_MOTIONS.walk({ seconds: 4, speed: 1.15, seed: 3 }), framing: side }),
  run: () => ({ ...SAMPLE_MOTIONS.run({ seconds: 3, speed: 2.6, seed: 5 }), framing: { ...side, yaw: -65 } }),
  approach: () => ({
    ...SAMPLE_MOTIONS.walk({ seconds: 3, speed: 0.9, seed: 7 }),
    name: 'Approach',
    framing: { mode: 'follow', x: 0.5, y: 0.55, height: 0.7, yaw: 8 },
  }),
  wave: () => ({ ...SAMPLE_MOTIONS.wave({ seed: 2 }), framing: still }),
  dance: () => ({ ...SAMPLE_MOTIONS.dance({ seed: 4, amplitude: 1.1 }), framing: front }),
  turn: () => ({ ...SAMPLE_MOTIONS.turn({ seed: 2 }), framing: still }),
}

const makers: Record<string, () => Promise<string>> = {
  ...Object.fromEntries(Object.keys(PEOPLE).map((name) => [name, () => human(name)])),
  ...Object.fromEntries(Object.keys(sets).map((name) => [name, () => background(name as keyof typeof sets)])),
  ...Object.fromEntries(Object.keys(motions).map((name) => [name, () => Promise.resolve(motion(name))])),
}

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !Object.hasOwn(makers, name))
if (unknown !== undefined) {
  console.error(`error: no sample "${unknown}"; there are ${Object.keys(makers).join(', ')}`)
  process.exit(2)
}
for (const [name, make] of Object.entries(makers)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const started = performance.now()
  const file = await make()
  const size = Math.round(statSync(file).size / 1024)
  console.log(
    `${path.relative(process.cwd(), file)}: ${size} KiB, ${((performance.now() - started) / 1000).toFixed(1)} s`,
  )
}

async function human(name: string): Promise<string> {
  const look = PEOPLE[name]!
  const pose = standing(look)
  const picture = takePortrait(new Clay(model(look, pose)), {
    width: 720,
    height: 1000,
    backdrop: rgb(backdrops[name]!),
    tall: pose.positions.get('headTop')!.y + 0.03,
    creases: creases(pose),
  })
  return save(
    `humans/${name}.png`,
    await encoder(picture).png({ compressionLevel: 9, adaptiveFiltering: true }).toBuffer(),
  )
}

async function background(name: keyof typeof sets): Promise<string> {
  const { set, lens, exposure, warmth, samples } = sets[name]()
  const picture = develop(takePhotograph(set, lens, samples), { exposure, warmth, smoothing: 5 })
  return save(`backgrounds/${name}.jpg`, await encoder(picture).jpeg({ quality: 88, mozjpeg: true }).toBuffer())
}

function motion(name: string): string {
  // five digits are a hundredth of a millimetre
  const digits = (_key: string, value: unknown): unknown =>
    typeof value === 'number' ? Math.round(value * 1e5) / 1e5 : value
  const text = JSON.stringify(JSON.parse(serializeMotion(motions[name]!())), digits)
  return save(`motions/${name}.json`, Buffer.from(text + '\n'))
}

function encoder({ width, height, channels, data }: Picture): Sharp {
  return sharp(data, { raw: { width, height, channels } })
}

function save(name: string, data: Buffer): string {
  const file = path.join(folder, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileAtomic(file, data)
  return file
}
