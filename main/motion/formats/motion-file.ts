// The project's own motion file (.json): a Motion as it is, with a version and checked when read.

import { z } from 'zod'
import { MotionError } from '../errors'
import type { Motion } from '../motion'
import { AVERAGE, createRig } from '../rig'
import type { BoneName, Proportions } from '../rig'
import { importBvh } from './bvh'
import type { BvhOptions } from './bvh'

const FORMAT = 'animate-anywhere-motion'
const VERSION = 1

const share = z.number().min(0).max(1)
const ease = z.union([
  z.enum(['linear', 'step', 'easeIn', 'easeOut', 'easeInOut']),
  z.tuple([share, z.number(), share, z.number()]),
])
const time = z.number().min(0)
const key = <V extends z.ZodType>(value: V) => z.strictObject({ time, value, ease: ease.optional() })
const vec3 = z.tuple([z.number(), z.number(), z.number()])
const quat = z
  .tuple([z.number(), z.number(), z.number(), z.number()])
  .refine((q) => Math.abs(Math.hypot(...q) - 1) < 1e-3, 'a turn must be a quaternion x, y, z, w of length 1')
const inOrder = <K extends { time: number }>(keys: K[]) => keys.every((k, i) => i === 0 || k.time > keys[i - 1]!.time)
const track = <K extends z.ZodType<{ time: number }>>(schema: K) =>
  z.array(schema).min(1).refine(inOrder, 'keys must be sorted by time, one at a time')

const heightOrAuto = z.union([z.number().positive(), z.literal('auto')])
const framing = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('follow'), x: z.number(), y: z.number(), height: heightOrAuto, yaw: z.number() }),
  z.strictObject({ mode: z.literal('static'), height: heightOrAuto, yaw: z.number() }),
  z.strictObject({
    mode: z.literal('keys'),
    keys: track(
      z.strictObject({
        time,
        x: z.number(),
        y: z.number(),
        height: z.number().positive(),
        yaw: z.number(),
        ease: ease.optional(),
      }),
    ),
  }),
])

const lengths = Object.keys(AVERAGE) as (keyof Proportions)[]
const bones = createRig().joints.map((joint) => joint.name as BoneName)
const schema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  name: z.string(),
  duration: z.number().min(0),
  loop: z.boolean(),
  proportions: z.strictObject(
    Object.fromEntries(lengths.map((name) => [name, z.number().positive()])) as Record<keyof Proportions, z.ZodNumber>,
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
    json = JSON.parse(text)
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
