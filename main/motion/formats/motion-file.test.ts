import { describe, expect, it } from 'vitest'
import { MotionError } from '../errors'
import type { Framing, Motion } from '../motion'
import { SAMPLE_MOTIONS, wave } from '../samples'
import { importMotion, parseMotion, serializeMotion } from './motion-file'

const framings: Framing[] = [
  { mode: 'follow', x: 0.4, y: 0.55, height: 'auto', yaw: 20 },
  { mode: 'static', height: 0.6, yaw: -30 },
  {
    mode: 'keys',
    keys: [
      { time: 0, x: 0.5, y: 0.5, height: 0.5, yaw: 0, ease: [0.1, 0, 0.9, 1.4] },
      { time: 1, x: 0.2, y: 0.5, height: 0.9, yaw: 90 },
    ],
  },
]

describe('the motion file', () => {
  it.each(Object.keys(SAMPLE_MOTIONS) as (keyof typeof SAMPLE_MOTIONS)[])('keeps everything of %s', (name) => {
    const motion = SAMPLE_MOTIONS[name]()
    expect(parseMotion(serializeMotion(motion), 'x.json')).toEqual(motion)
  })
  it.each(framings)('keeps the framing $mode', (framing) => {
    const motion: Motion = { ...wave(), framing }
    motion.root[0]!.ease = 'easeInOut'
    expect(importMotion(serializeMotion(motion), 'x.json')).toEqual(motion)
  })
  it('is small: a walk of two seconds below 100 kB', () => {
    expect(serializeMotion(SAMPLE_MOTIONS.walk()).length).toBeLessThan(100_000)
  })
})

describe('a motion file that is not right', () => {
  const edited = (edit: (json: Record<string, never> & Motion) => void) => {
    const json = JSON.parse(serializeMotion(wave())) as Record<string, never> & Motion
    edit(json)
    return JSON.stringify(json)
  }
  it.each([
    ['no JSON', '{ "format"', /not a JSON file/],
    ['another JSON', '{ "people": [] }', /not a motion file/],
    ['a newer version', edited((m) => Object.assign(m, { version: 9 })), /version 9 is newer/],
    ['no keys', edited((m) => (m.root = [])), /: root: /],
    ['keys out of order', edited((m) => m.root.reverse()), /root: keys must be sorted/],
    ['an unknown bone', edited((m) => Object.assign(m.bones, { tail: [] })), /bones/],
    [
      'a turn that is none',
      edited((m) => (m.bones.hips![0]!.value = [0, 0, 0, 2])),
      /bones\.hips\.0\.value: a turn must be a quaternion/,
    ],
    ['a place beyond all places', edited((m) => (m.root[0]!.value = [0, 1e308, 0])), /root\.0\.value\.1/],
    ['a body of no height', edited((m) => (m.proportions.upperLeg = 1e-300)), /proportions\.upperLeg/],
    ['years of motion', edited((m) => (m.duration = 1e9)), /duration/],
    [
      'strange names',
      edited((m) => Object.assign(m, { 'a\nb': 1, ['x'.repeat(3000)]: 1 })),
      /Unrecognized keys: "a b"/,
    ],
    ['text with line breaks', '{"format":\n\u001b[31m', /not a JSON file/],
    ['an infinite place', edited((m) => Object.assign(m.root[0]!, { value: [null, 0, 0] })), /root\.0\.value\.0/],
  ])('%s', (_, text, message) => {
    const read = () => parseMotion(text, 'bad.json')
    expect(read).toThrow(MotionError)
    expect(read).toThrow(message)
    expect(read).toThrow(/^motion bad\.json: [^\n]{1,470}$/)
  })
})
