// Files made to break what reads them: inputs that the fuzzer found, or that its findings made plain, each as small as it gets.
import { describe, expect, it } from 'vitest'
import { bvhText, stillRow } from '../../../test/support/bvh'
import { importBvh } from './bvh'
import { parseMotion, serializeMotion } from './motion-file'
import { importOpenPose } from './openpose'

const standing = bvhText([stillRow, stillRow])
/** The standing body, and as many joints more, below the head. */
const withJoints = (count: number, channels = '') =>
  standing.replace(
    'JOINT Neck\n',
    `${Array.from({ length: count }, (_, i) => `JOINT extra${i}\n{\nOFFSET 1 0 0\n${channels}}\n`).join('')}JOINT Neck\n`,
  )

describe('a BVH file', () => {
  it('with an arm of no length is read, and its bones still turn as bones do', () => {
    const motion = importBvh(standing.replaceAll('28 0 0', '0 0 0'), 'x.bvh')
    expect(parseMotion(serializeMotion(motion), 'again')).toEqual(motion)
  })
  it('with hips side by side in one place is read', () => {
    const motion = importBvh(standing.replaceAll('10 0 0', '0 0 0'), 'x.bvh')
    expect(parseMotion(serializeMotion(motion), 'again')).toEqual(motion)
  })
  it.each([
    [
      'an hour of frames',
      bvhText(Array<string>(40_000).fill(stillRow)),
      'x.bvh: 22 minutes of motion; cut it into parts',
    ],
    ['a thousand joints', withJoints(1000), 'more than 1000 joints'],
    [
      'joints without channels, more than its rows have numbers',
      withJoints(900).replace('Frames: 2', 'Frames: 3000').replace(stillRow, Array(2999).fill(stillRow).join('\n')),
      'joints, most of which have no channels',
    ],
    [
      'a chain of a hundred thousand joints',
      `HIERARCHY\nROOT a\n${'{\nJOINT b\n'.repeat(1e5)}MOTION\n`,
      'more than 1000',
    ],
    ['a name of ten thousand letters', standing.replace('JOINT Spine', `JINT ${'x'.repeat(1e4)}`), 'is no BVH keyword'],
    ['a number with control characters', standing.replace('0 95 0', '0 9\u001b5 0'), 'not a finite number'],
  ])('with %s is refused at once, in one line', (_, text, message) => {
    const started = performance.now()
    expect(() => importBvh(text, 'x.bvh')).toThrow(message)
    expect(() => importBvh(text, 'x.bvh')).toThrow(/^[^\p{Cc}]{1,480}$/u)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

describe('OpenPose files', () => {
  const body = (x: number) => Array.from({ length: 25 }, (_, i) => [x + i, 200 + 9 * i, 0.5]).flat()
  const person = (x: number, size = 1) => ({ pose_keypoints_2d: body(x).map((v, i) => (i % 3 < 2 ? v * size : v)) })
  const frame = (...people: object[]) => ({ people })
  const read = (json: unknown) => importOpenPose([{ name: 'x.json', json }])

  it('with a crowd of thousands are read soon, and the largest of it is followed', () => {
    const crowd = Array.from({ length: 3000 }, (_, i) => person(i))
    const started = performance.now()
    const { frames } = read([frame(...crowd, person(300, 3)), frame(person(300, 3), ...crowd)])
    expect(performance.now() - started).toBeLessThan(5000)
    expect(frames.map(({ body: points }) => points[0])).toEqual([900, 900])
  })
  it('with new people in every frame are read soon', () => {
    const strangers = Array.from({ length: 1500 }, (_, f) =>
      frame(...Array.from({ length: 20 }, (__, i) => person(1e4 * ((f + i) % 97) + 100))),
    )
    const started = performance.now()
    expect(read(strangers).frames.length).toBeGreaterThan(0)
    expect(performance.now() - started).toBeLessThan(10_000)
  })
  it.each([
    ['a canvas beyond all numbers', { canvas_width: 1e308, canvas_height: 1e308, ...frame(person(0)) }, 'canvas_width'],
    ['a canvas of nothing', { canvas_width: 1e-300, canvas_height: 1, ...frame(person(0)) }, 'canvas_width'],
    ['more than an hour of frames', Array(120_001).fill(frame(person(0))), '120001 frames'],
  ])('with %s are refused', (_, json, message) => expect(() => read(json)).toThrow(message))
})
