// The project's own motion file (.json): a Motion as it is, with a version and checked when read.

import { z } from 'zod'
import { MotionError } from '../errors'
import type { Motion } from '../motion'
import { AVERAGE, createRig } from '../rig'
import type { BoneName, Proportions } from '../rig'
import { importBvh } from './bvh'
import type { BvhOptions } from './bvh'
import { parseJson } from './json'

const FORMAT = 'animate-anywhere-motion'
const VERSION = 1

/** Far beyond all use, and near enough for everything that is computed from it to be a number. */
const within = (most: number) => z.number().min(-most).max(most)
const share = z.number().min(0).max(1)
/** A share of the frame's height. */
const tall = z.number().min(1e-3).max(1e3)
/** Degrees. */
const angle = within(1e6)
const ease = z.union([
  z.enum(['linear', 'step', 'easeIn', 'easeOut', 'easeInOut']),
  z.tuple([share, within(100), share, within(100)]),
])
/** Seconds, up to a day. */
const time = z.number().min(0).max(86_400)
const key = <V extends z.ZodType>(value: V) => z.strictObject({ time, value, ease: ease.optional() })
/** Metres. */
const vec3 = z.tuple([within(1e9), within(1e9), within(1e9)])
const quat = z
  .tuple([within(2), within(2), within(2), within(2)])
  .refine((q) => Math.abs(Math.hypot(...q) - 1) < 1e-3, 'a turn must be a quaternion x, y, z, w of length 1')
const inOrder = <K extends { time: number }>(keys: K[]) => keys.every((k, i) => i === 0 || k.time > keys[i - 1]!.time)
const track = <K extends z.ZodType<{ time: number }>>(schema: K) =>
  z.array(schema).min(1).refine(inOrder, 'keys must be sorted by time, one at a time')

const heightOrAuto = z.union([tall, z.literal('auto')])
const framing = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('follow'), x: within(1e3), y: within(1e3), height: heightOrAuto, yaw: angle }),
  z.strictObject({ mode: z.literal('static'), height: heightOrAuto, yaw: angle }),
  z.strictObject({
    mode: z.literal('keys'),
    keys: track(
      z.strictObject({
        time,
        x: within(1e3),
        y: within(1e3),
        height: tall,
        yaw: angle,
        ease: ease.optional(),
      }),
    ),
  }),
])

/** Metres. */
const length = z.number().min(1e-4).max(1e3)
const lengths = Object.keys(AVERAGE) as (keyof Proportions)[]
const bones = createRig().joints.map((joint) => joint.name as BoneName)
const schema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  name: z.string(),
  duration: time,
  loop: z.boolean(),
  proportions: z.strictObject(
    Object.fromEntries(lengths.map((name) => [name, length])) as Record<keyof Proportions, z.ZodNumber>,
  ),
  root: track(key(vec3)),
  bones: z.partialRecord(z.enum(bones), track(key(quat))),
  framing,
})

/** The text of a motion file. Everything of the motion is in it. */
export function serializeMotion(motion: Motion): string {
  return JSON.stringify({ format: FORMAT, version: VERSION, ...motion })
}

/** Reads a motion file's text. Throws MotionError naming the place and what is wrong there. */
export function parseMotion(text: string, name: string): Motion {
  let json: unknown
  try {
    json = parseJson(text)
  } catch (error) {
    throw new MotionError(`motion ${name}: not a JSON file (${(error as Error).message})`)
  }
  const version = z.object({ format: z.literal(FORMAT), version: z.number() }).safeParse(json)
  if (!version.success) throw new MotionError(`motion ${name}: not a motion file ("format": "${FORMAT}" is missing)`)
  if (version.data.version > VERSION)
    throw new MotionError(
      `motion ${name}: version ${version.data.version} is newer than this program knows (${VERSION}); update it`,
    )
  const parsed = schema.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new MotionError(`motion ${name}: ${issue.path.join('.') || 'content'}: ${issue.message}`)
  }
  const { name: title, duration, loop, proportions, root, bones: turns, framing: camera } = parsed.data
  return { name: title, duration, loop, proportions, root, bones: turns, framing: camera } as Motion
}

/** Reads a motion from the text of a BVH file or of a motion file, whichever it is. */
export function importMotion(text: string, name: string, options: BvhOptions = {}): Motion {
  return text.trimStart().startsWith('{') ? parseMotion(text, name) : importBvh(text, name, options)
}
