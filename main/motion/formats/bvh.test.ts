import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Quaternion, Vector3 } from 'three'
import { describe, expect, it } from 'vitest'
import { sharedPath } from '../../../test/shared'
import { MotionError } from '../errors'
import { headingOf, jointsAt, rigOf, sampleMotion, worldAt } from '../motion'
import type { Motion } from '../motion'
import { SAMPLE_MOTIONS, kick, walk, wave } from '../samples'
import { importBvh } from './bvh'
import { coreName } from './bvh-names'

/** Writes a motion as a BVH file, in another rig's names, units and axes, so that reading it back can be compared. */
function bvhText(motion: Motion, { name = (joint: string) => joint, scale = 100, zUp = false, fps = 30 } = {}): string {
  const { joints } = rigOf(motion)
  const tips = new Set(
    joints.map((joint) => joint.name).filter((joint) => /Tip$|Top$|Heel$|Ear$|nose|Eye$/.test(joint)),
  )
  const tilt = new Quaternion().setFromAxisAngle(new Vector3(1, 0, 0), zUp ? Math.PI / 2 : 0)
  const numbers = (v: Vector3) => v.clone().multiplyScalar(scale).toArray().join(' ')
  const order: number[] = []
  const write = (i: number): string => {
    const { name: joint, offset, parent } = joints[i]!
    const place = numbers(parent < 0 ? new Vector3() : offset)
    if (tips.has(joint)) return /Toe|Top|Finger|Middle/.test(joint) ? `End Site { OFFSET ${place} }\n` : ''
    order.push(i)
    const children = joints.map((other, k) => (other.parent === i ? write(k) : '')).join('')
    const channels =
      parent < 0 ? '6 Xposition Yposition Zposition Zrotation Xrotation Yrotation' : '3 Zrotation Xrotation Yrotation'
    return `${parent < 0 ? 'ROOT' : 'JOINT'} ${name(joint)}\n{\nOFFSET ${place}\nCHANNELS ${channels}\n${children}}\n`
  }
  const hierarchy = write(0)
  const frames = Math.round(motion.duration * fps) + 1
  const rows = Array.from({ length: frames }, (_, f) => {
    const pose = sampleMotion({ ...motion, loop: false }, f / fps)
    const values = order.map((i) => {
      const joint = joints[i]!.name as keyof typeof pose.rotations
      const turn = pose.rotations[joint] ?? new Quaternion()
      return euler(joints[i]!.parent < 0 ? tilt.clone().multiply(turn) : turn)
    })
    return [numbers(pose.root.clone().applyQuaternion(tilt)), ...values].join(' ')
  })
  return `HIERARCHY\n${hierarchy}MOTION\nFrames: ${frames}\nFrame Time: ${1 / fps}\n${rows.join('\n')}\n`

  /** Degrees z, x, y with turn = Rz Rx Ry. */
  function euler(turn: Quaternion): string {
    const [x, y, z] = [new Vector3(1, 0, 0), new Vector3(0, 1, 0), new Vector3(0, 0, 1)].map((axis) =>
      axis.applyQuaternion(turn),
    )
    const angles = [Math.atan2(-y!.x, y!.y), Math.asin(Math.max(-1, Math.min(1, y!.z))), Math.atan2(-x!.z, z!.z)]
    return angles.map((angle) => (angle * 180) / Math.PI).join(' ')
  }
}

/** Mean distance of limbs between a motion and the one read back, metres, both from their own start on the ground. */
function difference(a: Motion, b: Motion): number {
  const names = [
    'leftFoot',
    'rightFoot',
    'leftLowerLeg',
    'rightLowerLeg',
    'leftHand',
    'rightHand',
    'leftLowerArm',
    'nose',
    'leftMiddleTip',
  ] as const
  const origin = (motion: Motion) => jointsAt(motion, 0).get('hips')!.setY(0)
  const [from, to] = [origin(a), origin(b)]
  let sum = 0
  for (let i = 0; i < 20; i++) {
    const time = (a.duration * (i + 0.5)) / 20
    const [p, q] = [jointsAt({ ...a, loop: false }, time), jointsAt(b, time)]
    for (const name of names) sum += p.get(name)!.sub(from).distanceTo(q.get(name)!.sub(to))
  }
  return sum / (20 * names.length)
}

const MIXAMO: [RegExp, string][] = [
  [/^hips$/, 'Hips'],
  [/(left|right)UpperLeg/, '$1UpLeg'],
  [/(left|right)LowerLeg/, '$1Leg'],
  [/(left|right)UpperArm/, '$1Arm'],
  [/(left|right)LowerArm/, '$1ForeArm'],
  [/(left|right)Toes/, '$1ToeBase'],
]
const renamed = (pairs: [RegExp, string][], prefix: string) => (joint: string) =>
  prefix + pairs.reduce((name, [from, to]) => name.replace(from, to), joint).replace(/^[a-z]/, (c) => c.toUpperCase())
const POSER: [RegExp, string][] = [
  [/^hips$/, 'hip'],
  [/^spine$/, 'abdomen'],
  [/^(l|r)(?:eft|ight)UpperLeg/, '$1Thigh'],
  [/^(l|r)(?:eft|ight)LowerLeg/, '$1Shin'],
  [/^(l|r)(?:eft|ight)Shoulder/, '$1Collar'],
  [/^(l|r)(?:eft|ight)UpperArm/, '$1Shldr'],
  [/^(l|r)(?:eft|ight)LowerArm/, '$1ForeArm'],
  [/^(l|r)(?:eft|ight)(Hand|Foot)/, '$1$2'],
]
let counter = 0

describe('importing what we know comes back the same', () => {
  it.each([
    ['VRM names, centimetres', {}],
    ['Mixamo names with a colon', { name: renamed(MIXAMO, 'mixamorig:') }],
    [
      'Poser names in inches',
      { name: (joint: string) => POSER.reduce((n, [from, to]) => n.replace(from, to), joint), scale: 39.37 },
    ],
    ['z up, in metres', { zUp: true, scale: 1 }],
    ['names that say nothing', { name: () => `bone${counter++}` }],
  ])('with %s', (_, options) => {
    for (const motion of [walk(), wave(), kick()])
      expect(difference(motion, importBvh(bvhText(motion, options), 'x.bvh'))).toBeLessThan(0.03)
  })
  it('at other rates, in about 30 keys a second', () => {
    const motion = importBvh(bvhText(walk(), { fps: 120 }), 'dir/slow.bvh')
    expect(motion.name).toBe('slow')
    expect(motion.duration).toBeCloseTo(walk().duration, 1)
    expect(motion.root.length / motion.duration).toBeCloseTo(30, -1)
  })
})

it('a quick look at a long file keeps its duration and where it ends', () => {
  const text = bvhText(walk({ seconds: 4 }))
  const whole = importBvh(text, 'walk.bvh')
  const glance = importBvh(text, 'walk.bvh', { mostRows: 20 })
  expect(glance.root.length).toBeLessThanOrEqual(20)
  expect(glance.duration).toBeCloseTo(whole.duration, 6)
  const [end, seen] = [whole, glance].map((motion) => sampleMotion(motion, motion.duration).root)
  expect(seen!.distanceTo(end!)).toBeLessThan(0.1)
})

describe('where it faces', () => {
  const facing = (degrees: number, heading?: 'keep' | 'front' | number) => {
    const text = bvhText(SAMPLE_MOTIONS.idle({ heading: (degrees * Math.PI) / 180 }))
    const motion = importBvh(text, 'x.bvh', heading === undefined ? {} : { heading })
    return (headingOf(worldAt(motion, 0).rotations.get('hips')!) * 180) / Math.PI
  }
  it('is kept when it faces the camera somewhat, else turned just far enough', () => {
    expect(facing(30)).toBeCloseTo(30, 0)
    expect(facing(120)).toBeCloseTo(45, 0)
    expect(facing(-170)).toBeCloseTo(-45, 0)
  })
  it('can be kept or said', () => {
    expect(facing(120, 'keep')).toBeCloseTo(120, 0)
    expect(facing(120, -90)).toBeCloseTo(-90, 0)
  })
})

describe('joint names', () => {
  it.each([
    ['mixamorig:LeftUpLeg', 'left', 'upleg'],
    ['UpperLeg_L', 'left', 'upperleg'],
    ['Bip01 R Thigh', 'right', 'thigh'],
    ['rShldr', 'right', 'shldr'],
    ['thigh.L', 'left', 'thigh'],
    ['RHipJoint', 'right', 'hipjoint'],
    ['joint_Root', undefined, 'root'],
    ['L_Ankle', 'left', 'ankle'],
    ['LowerBack', undefined, 'lowerback'],
  ])('%s', (name, side, core) => expect(coreName(name)).toEqual({ side, core }))
})

describe('a broken file is told in one line that says where', () => {
  const good = bvhText(wave())
  const lines = good.trimEnd().split('\n')
  const data = lines.findIndex((line) => line.startsWith('Frame Time')) + 1
  const edited = (at: number, line: string) => lines.map((old, i) => (i === at ? line : old)).join('\n')
  it.each([
    ['text', 'hello', /not a BVH file/],
    ['no motion', good.slice(0, good.indexOf('MOTION')), /MOTION section is missing/],
    [
      'NaN',
      edited(data + 2, lines[data + 2]!.replace(/\S+/, 'nan')),
      new RegExp(`line ${data + 3}: value 1 of the row is "nan"`),
    ],
    ['a row too many', good + lines.at(-1)!, /a row too many: 122 rows of data, but "Frames: 121"/],
    ['a row too few', lines.slice(0, -1).join('\n'), /ends after 120 rows/],
    [
      'a number too few',
      edited(data, lines[data]!.replace(/\S+ /, '')),
      new RegExp(`line ${data + 1}: \\d+ numbers in the row`),
    ],
    [
      'zero frames',
      edited(data - 2, 'Frames: 0')
        .split('\n')
        .slice(0, data)
        .join('\n'),
      /Frames is 0/,
    ],
    ['no frame time', edited(data - 1, 'Frame Time: 0'), /Frame Time is 0/],
    ['a lost brace', good.replace('}\nMOTION', 'MOTION'), /1 } missing/],
    ['a bad offset', good.replace(/OFFSET [^\n]*/, 'OFFSET 0 zero 0'), /line 4: OFFSET needs three finite numbers/],
    ['an unknown channel', good.replace('Xposition', 'Wposition'), /CHANNELS of hips/],
    [
      'no body',
      'HIERARCHY\nROOT a { OFFSET 0 0 0 CHANNELS 1 Xposition\nEnd Site { OFFSET 0 1 0 } }\nMOTION\nFrames: 1\nFrame Time: 1\n0',
      /OFFSET needs|no human body/,
    ],
  ])('%s', (_, text, message) => {
    const read = () => importBvh(text, 'bad.bvh')
    expect(read).toThrow(MotionError)
    expect(read).toThrow(message)
    expect(read).toThrow(/^motion bad\.bvh: [^\n]+$/)
  })
})

const folder = sharedPath('data/motions/bvh')
const FILES = [
  'ad_cmu_jumping_jacks',
  'ad_jumping',
  'ad_wave_hello',
  'bandai1_dance-short_normal_001',
  'bandai1_kick_normal_001',
  'bandai1_run_normal_001',
  'bandai1_walk_normal_001',
  'bandai2_raise-up-both-hands_normal_001',
  'bandai2_walk-turn-left_normal_001',
  'bvhpython_freebvh',
  'cmu_12_01_walk',
  'cmu_131_01_mj_walk_stop',
]

describe.skipIf(!folder).each(FILES)('real file %s', (file) => {
  const motion = folder ? importBvh(readFileSync(path.join(folder, `${file}.bvh`), 'utf8'), file) : walk()
  const times = Array.from({ length: 60 }, (_, i) => (motion.duration * i) / 60)
  const poses = times.map((time) => worldAt(motion, time))
  const at = (i: number, joint: Parameters<ReadonlyMap<string, Vector3>['get']>[0]) =>
    poses[i]!.positions.get(joint as 'hips')!

  it('is a body of human proportions, finite everywhere', () => {
    const places = poses.flatMap(({ positions }) => [...positions.values()])
    expect(places.every(({ x, y, z }) => Number.isFinite(x + y + z))).toBe(true)
    const { height } = rigOf(motion)
    expect(height).toBeGreaterThan(1.5)
    expect(height).toBeLessThan(1.95)
  })
  it('stands on its feet, upright, near the ground', () => {
    const low = poses.map(({ positions }) =>
      Math.min(
        ...(['leftToes', 'rightToes', 'leftHeel', 'rightHeel'] as const).map((joint) => positions.get(joint)!.y),
      ),
    )
    expect(Math.min(...low)).toBeGreaterThan(-0.1)
    expect([...low].sort((a, b) => a - b)[15]!).toBeLessThan(0.05)
    const upright = poses.filter((_, i) => at(i, 'head').y - at(i, 'hips').y > 0.3 && at(i, 'hips').y > 0.5)
    expect(upright.length).toBeGreaterThan(40)
  })
  it('starts facing the camera, left on its left', () => {
    const left = at(0, 'leftUpperArm').clone().sub(at(0, 'rightUpperArm'))
    expect(left.x).toBeGreaterThan(0.1)
    expect(at(0, 'nose').z - at(0, 'head').z).toBeGreaterThan(0)
  })
  it('bends its knees forwards, against the hips and against the feet', () => {
    const bends = poses.flatMap(({ rotations }, i) =>
      (['left', 'right'] as const).map((side) => {
        const [hip, knee, ankle] = (['UpperLeg', 'LowerLeg', 'Foot'] as const).map((joint) => at(i, `${side}${joint}`))
        const bend = knee!.clone().sub(hip!.clone().add(ankle!).multiplyScalar(0.5))
        const fronts = (['hips', `${side}Foot`] as const).map((bone) =>
          new Vector3(0, 0, 1).applyQuaternion(rotations.get(bone)!),
        )
        return Math.min(...fronts.map((front) => bend.dot(front)))
      }),
    )
    expect(bends.filter((bend) => bend > -0.05).length).toBeGreaterThan(0.93 * bends.length)
  })
  it.runIf(/walk|run_/.test(file))('travels forwards', () => {
    const way = at(59, 'hips').clone().sub(at(0, 'hips')).setY(0)
    expect(way.length()).toBeGreaterThan(1)
    const ahead = poses.slice(0, -1).map(({ rotations }, i) => {
      const step = at(i + 1, 'hips')
        .clone()
        .sub(at(i, 'hips'))
      return step.dot(new Vector3(0, 0, 1).applyQuaternion(rotations.get('chest')!))
    })
    expect(ahead.reduce((sum, value) => sum + value, 0)).toBeGreaterThan(0.7 * way.length())
  })
})
