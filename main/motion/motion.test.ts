import { Quaternion, Vector3 } from 'three'
import { describe, expect, it } from 'vitest'
import { bezierEase } from './easing'
import { FOLLOW, headingOf, jointsAt, sampleMotion, vectorAt, worldAt } from './motion'
import type { Motion, Quat } from './motion'
import { AVERAGE, createRig, handJoints } from './rig'
import { walk } from './samples'

const still: Motion = {
  name: 'still',
  duration: 2,
  loop: false,
  proportions: { ...AVERAGE },
  root: [{ time: 0, value: [0, createRig().hipsHeight, 0] }],
  bones: {},
  framing: FOLLOW,
}
const turned = (axis: Vector3, degrees: number): Quat =>
  new Quaternion().setFromAxisAngle(axis, (degrees * Math.PI) / 180).toArray() as Quat

describe('the rig', () => {
  it('stands on the ground, arms out, its left at +x, its face to +z', () => {
    const joints = jointsAt(still, 0)
    const { height } = createRig()
    expect(height).toBeCloseTo(1.72, 2)
    expect(joints.get('headTop')!.y).toBeCloseTo(height, 5)
    expect(joints.get('leftHeel')!.y).toBeCloseTo(0, 5)
    expect(joints.get('leftHand')!.x).toBeGreaterThan(0.6)
    expect(joints.get('nose')!.z).toBeGreaterThan(0.05)
    expect(joints.get('leftUpperArm')!.distanceTo(joints.get('rightUpperArm')!)).toBeCloseTo(AVERAGE.shoulderWidth, 6)
    expect(Math.min(...[...joints.values()].map((joint) => joint.y))).toBeCloseTo(0, 6)
  })
  it('has hands of 21 joints in the order of OpenPose, as long as it is told', () => {
    const joints = jointsAt(still, 0)
    const hand = handJoints('left')
    expect(hand).toHaveLength(21)
    expect(hand.slice(0, 6)).toEqual([
      'leftHand',
      'leftThumbMetacarpal',
      'leftThumbProximal',
      'leftThumbDistal',
      'leftThumbTip',
      'leftIndexProximal',
    ])
    expect(joints.get('leftMiddleTip')!.x - joints.get('leftHand')!.x).toBeCloseTo(AVERAGE.hand, 2)
  })
  it('takes other proportions', () => {
    const rig = createRig({ upperLeg: 0.5, lowerLeg: 0.5 })
    expect(rig.hipsHeight - createRig().hipsHeight).toBeCloseTo(0.17, 6)
  })
})

describe('keyframes', () => {
  const keys = [
    { time: 0, value: [0, 0, 0] as [number, number, number] },
    { time: 2, value: [4, 0, 0] as [number, number, number] },
  ]
  it('are straight between keys and hold at the ends', () => {
    expect([-1, 0, 0.5, 1, 2, 9].map((time) => vectorAt(keys, time).x)).toEqual([0, 0, 1, 2, 4, 4])
  })
  it('ease as the key before says', () => {
    const eased = (ease: Motion['root'][number]['ease']) => vectorAt([{ ...keys[0]!, ease: ease! }, keys[1]!], 0.5).x
    expect(eased('step')).toBe(0)
    expect(eased('easeIn')).toBeLessThan(1)
    expect(eased('easeOut')).toBeGreaterThan(1)
    expect(eased([0.25, 0.25, 0.75, 0.75])).toBeCloseTo(1, 6)
    expect(bezierEase('easeInOut', 0.5)).toBeCloseTo(0.5, 6)
  })
  it('turn bones the short way, children with their parents', () => {
    const z = new Vector3(0, 0, 1)
    const motion = {
      ...still,
      bones: {
        leftUpperArm: [
          { time: 0, value: turned(z, 0) },
          { time: 1, value: turned(z, 90) },
        ],
      },
    }
    const { positions, rotations } = worldAt(motion, 1)
    expect(positions.get('leftHand')!.x).toBeCloseTo(positions.get('leftUpperArm')!.x, 5)
    expect(positions.get('leftHand')!.y - positions.get('leftUpperArm')!.y).toBeCloseTo(
      AVERAGE.upperArm + AVERAGE.lowerArm,
      5,
    )
    expect(rotations.get('leftHand')!.angleTo(rotations.get('leftUpperArm')!)).toBeCloseTo(0, 6)
    expect(sampleMotion(motion, 0.5).rotations.leftUpperArm!.angleTo(new Quaternion())).toBeCloseTo(Math.PI / 4, 5)
  })
})

describe('a looping motion', () => {
  it('goes on where it ended', () => {
    const motion = walk({ speed: 1.2, heading: 0.4 })
    const step = motion.root.at(-1)!.value[2] - motion.root[0]!.value[2]
    for (const time of [0.3, 1.1]) {
      const first = jointsAt(motion, time).get('leftFoot')!
      const fourth = jointsAt(motion, time + 3 * motion.duration).get('leftFoot')!
      expect(fourth.z - first.z).toBeCloseTo(3 * step, 3)
      expect(fourth.y).toBeCloseTo(first.y, 3)
    }
    const before = jointsAt(motion, motion.duration - 1e-4).get('rightHand')!
    expect(before.distanceTo(jointsAt(motion, motion.duration + 1e-4).get('rightHand')!)).toBeLessThan(0.002)
  })
  it('carries its turn into the next round', () => {
    const y = new Vector3(0, 1, 0)
    const motion: Motion = {
      ...still,
      loop: true,
      root: [
        { time: 0, value: [0, 1, 0] },
        { time: 2, value: [0, 1, 1] },
      ],
      bones: {
        hips: [
          { time: 0, value: turned(y, 0) },
          { time: 2, value: turned(y, 90) },
        ],
      },
    }
    const pose = sampleMotion(motion, 4)
    expect(pose.root.x).toBeCloseTo(1, 5)
    expect(pose.root.z).toBeCloseTo(1, 5)
    expect(Math.abs(headingOf(pose.rotations.hips!))).toBeCloseTo(Math.PI, 4)
  })
  it('of no length worth the name stands still, and does not go round for ever', () => {
    const moment: Motion = { ...walk(), duration: 1e-320 }
    expect(jointsAt(moment, 5).get('head')!.y).toBeGreaterThan(1)
  })
})
