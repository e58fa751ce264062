import { describe, expect, it } from 'vitest'
import { projectMotion, walk } from '../../../motion'
import type { Framing } from '../../../motion'
import type { Keypoints } from '../../../motion/types'
import { boneCount } from './bones'
import { headOf, nearSide, reader } from './facing'
import { bonePose, steadySizes } from './bone-pose'
import { boneDepths, puppetMaps } from './puppet'
import { prepareReferenceHuman } from './reference-human'

const [W, H] = [120, 160]
const bone = {
  rightFoot: 12,
  leftFoot: 13,
  head: 0,
  torso: 1,
  rightForearm: 3,
  leftForearm: 5,
  rightThigh: 6,
  rightShin: 7,
  leftShin: 9,
}

/** Somebody walking who is seen at `yaw` degrees: 0 from the front. */
function seen(yaw: number): Keypoints {
  const framing: Framing = { mode: 'follow', x: 0.5, y: 0.5, height: 0.8, yaw }
  return projectMotion(walk({}), { width: W, height: H, fps: 12, frames: 1, framing }).frames[0]!
}

const across = (maps: ReturnType<typeof puppetMaps>, k: number) => maps.across[k * 3]!

describe('which way a person faces', () => {
  it('is told by the face, and says which side is nearer', () => {
    const [front, one, other] = [seen(0), seen(70), seen(-70)].map(nearSide) as [number, number, number]
    expect(Math.abs(front)).toBeLessThan(0.3)
    expect(one * other).toBeLessThan(-0.3)
  })

  it('is where the feet point', () => {
    const forth = (yaw: number) => {
      const { ends } = bonePose(seen(yaw))
      return [bone.rightFoot, bone.leftFoot].map((k) => ends[k * 4 + 2]! - ends[k * 4]!)
    }
    for (const yaw of [70, -70]) for (const x of forth(yaw)) expect(Math.sign(x)).toBe(Math.sign(nearSide(seen(yaw))))
    for (const x of forth(0)) expect(Math.abs(x)).toBeLessThan(3)
  })

  it('leaves the middle of the head where it is while an ear and then an eye are lost from sight', () => {
    const distances = [0, 20, 40, 60, 80].map((yaw) => {
      const pose = seen(yaw)
      return headOf(reader(pose))!.centre.x - pose.body[3]! // from the neck, in a body 128 pixels tall
    })
    for (const x of distances) expect(Math.abs(x - distances[0]!)).toBeLessThan(4)
  })

  it('lays the near arm over the trunk and the far one behind it', () => {
    for (const yaw of [80, -80]) {
      const pose = seen(yaw)
      const near = nearSide(pose)
      const depth = boneDepths(bonePose(pose), near)
      const [right, left] = [depth[bone.rightForearm]!, depth[bone.leftForearm]!]
      expect((right - depth[bone.torso]!) * near).toBeGreaterThan(0.1)
      expect((left - depth[bone.torso]!) * near).toBeLessThan(-0.1)
    }
  })

  it('lays both arms over a trunk seen from the front', () => {
    const depth = boneDepths(bonePose(seen(0)), 0)
    expect(depth[bone.rightForearm]!).toBeGreaterThan(depth[bone.torso]!)
    expect(depth[bone.leftForearm]!).toBeGreaterThan(depth[bone.torso]!)
  })

  it('turns head and feet when the person goes the other way than in the picture', () => {
    const reference = seen(70)
    const size = { width: W, height: H }
    const alike = puppetMaps(reference, size, [seen(70)])
    const other = puppetMaps(reference, size, [seen(-70)])
    for (const k of [bone.head, bone.rightShin, bone.leftShin])
      expect(Math.sign(across(other, k)), `bone ${k}`).toBe(-Math.sign(across(alike, k)))
  })
})

describe('a trunk', () => {
  const size = { width: W, height: H }
  const taper = (from: Keypoints, to: Keypoints) => puppetMaps(from, size, [to]).taper[bone.torso]!

  it('that turns narrows at the shoulders more than at the hips', () => {
    expect(taper(seen(0), seen(80))).toBeGreaterThan(0.2)
    expect(taper(seen(80), seen(0))).toBeLessThan(-0.15)
    expect(taper(seen(0), seen(0))).toBeCloseTo(0, 5)
  })

  it('and a head that show longer or shorter than the body are broader or narrower too, as to a camera close by; limbs are not', () => {
    const near: Keypoints = { ...seen(0), body: seen(0).body.map((v, i) => (i === 1 * 3 + 1 ? v + 4 : v)) } // the neck, 4 pixels lower
    const [alike, other] = [seen(0), near].map((pose) => puppetMaps(seen(0), size, [pose]))
    expect(Math.abs(across(other!, bone.head))).toBeLessThan(0.95 * Math.abs(across(alike!, bone.head)))
    expect(Math.abs(across(other!, bone.torso))).toBeGreaterThan(1.02 * Math.abs(across(alike!, bone.torso)))
    expect(across(other!, bone.rightThigh)).toBeCloseTo(across(alike!, bone.rightThigh), 1)
  })
})

describe('the size of a body', () => {
  it('grows with somebody who comes nearer, and takes a dip for foreshortening', () => {
    const coming = Array.from({ length: 13 }, (_, t) => 40 * 1.06 ** t)
    const dipped = coming.map((size, t) => (t === 5 || t === 6 ? 0.7 * size : size))
    steadySizes(coming).forEach((size, t) => expect(size / coming[t]!).toBeCloseTo(1, 1))
    for (const t of [0, 12]) expect(steadySizes(coming)[t]! / coming[t]!).toBeGreaterThan(0.97)
    for (const t of [0, 5, 6, 12]) expect(steadySizes(dipped)[t]! / coming[t]!).toBeGreaterThan(0.93)
  })
})

describe('pieces that hide each other', () => {
  it('share every pair of bones out, and each hides itself', () => {
    const { hides } = puppetMaps(seen(0), { width: W, height: H }, [seen(40), seen(80)])
    const at = (k: number, t: number, j: number) => hides[(k * 2 + t) * boneCount + j]!
    for (const t of [0, 1])
      for (let k = 0; k < boneCount; k++) {
        expect(at(k, t, k)).toBe(1)
        for (let j = 0; j < k; j++) expect(at(k, t, j) + at(j, t, k)).toBeCloseTo(1, 5)
      }
  })
})

describe('a person in pieces', () => {
  const pose = seen(0)
  const at = (joint: number) => [Math.floor(pose.body[joint * 3]!), Math.floor(pose.body[joint * 3 + 1]!)] as const
  /** All limbs as bars 9 pixels wide, the right thigh green, all else grey. */
  const mask = new Float32Array(W * H)
  const rgb = new Uint8Array(W * H * 3).fill(90)
  const { ends } = bonePose(pose)
  for (let k = 0; k < boneCount; k++) {
    const [x0, y0, x1, y1] = ends.subarray(k * 4, k * 4 + 4) as unknown as [number, number, number, number]
    for (let i = 0; i < W * H; i++) {
      const [x, y] = [(i % W) + 0.5, Math.floor(i / W) + 0.5]
      const s = Math.min(
        Math.max(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2), 0),
        1,
      )
      if (Math.hypot(x - x0 - s * (x1 - x0), y - y0 - s * (y1 - y0)) > 4.5) continue
      mask[i] = 1
      if (k === bone.rightThigh) rgb.set([0, 200, 0], i * 3)
    }
  }
  const { layers } = prepareReferenceHuman(rgb, mask, W, H, pose)
  const layer = (k: number, channel: number, [x, y]: readonly [number, number]) =>
    layers[((k * 4 + channel) * H + y) * W + x]!

  it('overlaps at its joints, so that a bent knee does not gape', () => {
    expect(layer(bone.rightThigh, 3, at(9))).toBeGreaterThan(0.9)
    expect(layer(bone.rightShin, 3, at(9))).toBeGreaterThan(0.9)
  })

  it('covers wholly what it owns and nothing far from it', () => {
    const shin = [(at(9)[0] + at(10)[0]) >> 1, (at(9)[1] + at(10)[1]) >> 1] as const
    expect(layer(bone.rightShin, 3, shin)).toBeGreaterThan(0.9)
    expect(layer(bone.rightThigh, 3, shin)).toBe(0)
    expect(layer(bone.head, 3, shin)).toBe(0)
  })

  it('keeps a piece free of its neighbours colours where it goes on below them', () => {
    const shin = [(at(9)[0] + at(10)[0]) >> 1, (at(9)[1] + at(10)[1]) >> 1] as const
    expect(layer(bone.rightShin, 1, shin)).toBeCloseTo(90 / 127.5 - 1, 1)
    const thigh = [(at(8)[0] + at(9)[0]) >> 1, (at(8)[1] + at(9)[1]) >> 1] as const
    expect(layer(bone.rightThigh, 1, thigh)).toBeCloseTo(200 / 127.5 - 1, 1)
  })

  it('gives an arm that lies over the trunk its own width there, and the colours of that place', () => {
    const before = seen(0)
    // the right forearm is laid across the chest
    const [x, y] = at(1)
    const chest = { ...before, body: before.body.slice() }
    chest.body.set([x - 4, y + 25, 1], 3 * 3)
    chest.body.set([x + 4, y + 25, 1], 4 * 3)
    const whole = new Float32Array(W * H)
    for (let i = 0; i < W * H; i++) if (Math.abs((i % W) - x) < 20 && Math.floor(i / W) > y - 5) whole[i] = 1
    const { layers } = prepareReferenceHuman(rgb, whole, W, H, chest)
    const cover = (px: number, py: number) => layers[((bone.rightForearm * 4 + 3) * H + py) * W + px]!
    for (const dy of [-2, 0, 2]) expect(cover(x, y + 25 + dy)).toBeGreaterThan(0.8)
    expect(cover(x, y + 35)).toBe(0)
    expect(layers[(bone.rightForearm * 4 * H + y + 25) * W + x]!).toBeCloseTo(90 / 127.5 - 1, 1)
  })
})
