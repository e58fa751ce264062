import { describe, expect, it } from 'vitest'
import { hints } from '../../motion/hints'
import type { Hint } from '../../motion/hints'
import { BODY } from '../../motion/types'
import { distanceToLine, epipolarLine, fundamentalMatrix, relativePose } from '../geometry/epipolar'
import { lightBetween } from '../training/clip'
import type { Clip, PoseClip } from '../training/clip'
import { generateClip, samplePlace, samplePoseAndFlow } from './generate'
import { clipStrip } from './sheet'

const size = { width: 96, height: 64, frames: 5, fps: 12 }

let pool: PoseClip[] | undefined

/** The clips of the first seeds, without pixels. */
function poseClips(): PoseClip[] {
  return (pool ??= Array.from({ length: 400 }, (_, seed) => samplePoseAndFlow({ seed, ...size })))
}

/** The first `count` seeds whose clip satisfies `wanted`. */
function seedsWhere(wanted: (clip: PoseClip) => boolean, count: number): number[] {
  const seeds = poseClips()
    .flatMap((clip, seed) => (wanted(clip) ? [seed] : []))
    .slice(0, count)
  expect(seeds).toHaveLength(count)
  return seeds
}

const resolving = hints.filter((hint) => hint !== 'auto')

const modeOf = (clip: PoseClip) => clip.cameraMode.split(', ')[0]!

/** Bilinear sample of channel c of an [H, W, 3] picture; undefined outside. */
function sample(
  picture: Uint8Array,
  width: number,
  height: number,
  x: number,
  y: number,
  c: number,
): number | undefined {
  const [u, v] = [x - 0.5, y - 0.5]
  const [i, j] = [Math.floor(u), Math.floor(v)]
  if (i < 0 || j < 0 || i >= width - 1 || j >= height - 1) return undefined
  const at = (k: number, l: number) => picture[((j + l) * width + i + k) * 3 + c]!
  const [f, g] = [u - i, v - j]
  return (at(0, 0) * (1 - f) + at(1, 0) * f) * (1 - g) + (at(0, 1) * (1 - f) + at(1, 1) * f) * g
}

/** Mean squared difference of the last background and the first one, moved by the flow (or not), in 4x4 pixels around cell centres. */
function warpError(clip: Clip, moved: boolean): number {
  const { width, height } = clip
  const t = clip.poses.length - 1
  const last = clip.background.subarray(t * width * height * 3)
  let [sum, n] = [0, 0]
  for (let j = 0; j < height / 8; j++)
    for (let i = 0; i < width / 8; i++) {
      const cell = (t * height) / 8 + j
      const at = cell * (width / 8) + i
      if (!clip.backgroundFlowValid[at]) continue
      const [fx, fy] = moved ? [clip.backgroundFlow[at * 2]!, clip.backgroundFlow[at * 2 + 1]!] : [0, 0]
      for (let k = 0; k < 48; k++) {
        const [x, y, c] = [i * 8 + 2 + (k % 4), j * 8 + 2 + (Math.floor(k / 4) % 4), Math.floor(k / 16)]
        const found = sample(clip.background, width, height, x + 0.5 + fx, y + 0.5 + fy, c)
        if (found === undefined) continue
        sum += (found - last[(y * width + x) * 3 + c]!) ** 2
        n++
      }
    }
  return sum / n
}

const psnr = (error: number) => 10 * Math.log10(255 ** 2 / error)

describe('a synthetic clip', () => {
  it('is the same for the same seed, to the byte, and another for another seed', () => {
    const first = generateClip({ seed: 5, ...size })
    expect(generateClip({ seed: 5, ...size })).toEqual(first)
    expect(generateClip({ seed: 6, ...size }).frames).not.toEqual(first.frames)
  })

  it('has the same poses, cameras and flow without pixels', () => {
    const { id, poses, extrinsics, backgroundFlow, cameraPath } = generateClip({ seed: 11, ...size })
    expect(samplePoseAndFlow({ seed: 11, ...size })).toMatchObject({
      id,
      poses,
      extrinsics,
      backgroundFlow,
      cameraPath,
    })
  })

  it('tells of its first frame and its reference alone how much brighter the person is in it', () => {
    // Their people are in the frame from head to foot.
    const off = [8, 12, 16, 24].flatMap((seed) => {
      const clip = generateClip({ seed, ...size, frames: 1 })
      const { referenceHuman, light } = samplePlace({ seed, ...size, frames: 1 })
      expect(referenceHuman).toEqual(clip.referenceHuman)
      // Whole people in two poses, beside one person in two lights.
      const whole = lightBetween([clip.frames, clip.humanMask], [clip.referenceHuman, clip.referenceMask])
      return light.map((gain, c) => Math.abs(gain - whole[c]!))
    })
    expect(Math.max(...off)).toBeLessThan(0.15)
  })

  it('shows the person where the key points are', () => {
    let [on, all] = [0, 0]
    for (let seed = 0; seed < 12; seed++) {
      const clip = generateClip({ seed: seed * 4, ...size, frames: 2 })
      clip.poses.forEach(({ body }, t) => {
        for (let p = 0; p < 18; p++) {
          const [x, y, seen] = body.subarray(p * 3, p * 3 + 3)
          if (!seen || x! < 2 || y! < 2 || x! > 94 || y! > 62) continue
          all++
          if (covered(clip.humanMask.subarray(t * 96 * 64), x!, y!)) on++
        }
      })
    }
    expect(all).toBeGreaterThan(200)
    expect(on / all).toBeGreaterThan(0.98)
  })

  it('marks hands only where the person is', () => {
    const clip = generateClip({ seed: 8, ...size })
    expect(clip.handMask.some((v) => v > 0)).toBe(true)
    expect(clip.handMask.every((v, i) => v <= clip.humanMask[i]!)).toBe(true)
  })

  it('differs from its background only where the person or its shadow is', () => {
    // compression touches the blocks in which the person is, and those of the shadow a little
    const block = (pixel: number) => Math.floor(pixel / (96 * 8)) * 12 + Math.floor((pixel % 96) / 8)
    let shadow = false
    for (const seed of [8, 28, 48]) {
      const clip = generateClip({ seed, ...size, frames: 2 })
      const touched = new Set(Array.from(clip.humanMask.keys()).flatMap((i) => (clip.humanMask[i] ? [block(i)] : [])))
      const elsewhere = Array.from(clip.frames, (v, i) =>
        touched.has(block(Math.floor(i / 3))) ? 0 : v - clip.background[i]!,
      )
      expect(Math.max(...elsewhere)).toBeLessThan(12)
      shadow ||= Math.min(...elsewhere) < -12
    }
    expect(shadow).toBe(true)
  })

  it('has a reference of the whole person on grey', () => {
    for (const seed of [0, 40, 80]) {
      const { referenceHuman, referenceMask, reference } = generateClip({ seed, ...size, frames: 1 })
      const rows = Array.from({ length: 64 }, (_, y) => referenceMask.subarray(y * 96, (y + 1) * 96).some((v) => v > 0))
      expect(rows.lastIndexOf(true) - rows.indexOf(true)).toBeGreaterThan(30)
      expect(rows[0]! || rows[63]!).toBe(false)
      expect(referenceMask.every((v, i) => v > 0 || referenceHuman[i * 3] === 127)).toBe(true)
      for (const p of [BODY.neck, BODY.leftHip, BODY.rightKnee]) {
        expect(covered(referenceMask, reference.body[p * 3]!, reference.body[p * 3 + 1]!)).toBe(true)
      }
    }
  })

  it('refuses sizes that have no whole cells', () => {
    expect(() => generateClip({ seed: 0, ...size, width: 90 })).toThrow(/90x64/)
  })
})

/** Whether the mask is set within two pixels of (x, y). */
function covered(mask: Uint8Array, x: number, y: number): boolean {
  for (let dy = -2; dy <= 2; dy++)
    for (let dx = -2; dx <= 2; dx++) if (mask[(Math.floor(y) + dy) * 96 + Math.floor(x) + dx]) return true
  return false
}

describe('the background flow', () => {
  it('is exactly zero while the camera stands', () => {
    for (const seed of seedsWhere((clip) => modeOf(clip) === 'static', 3)) {
      const clip = generateClip({ seed, ...size })
      expect(clip.backgroundFlow.every((v) => v === 0)).toBe(true)
      expect(clip.cameraPath.every((v) => v === 0)).toBe(true)
      // the same but for noise and exposure: no pixel of an edge is elsewhere
      expect(psnr(warpError(clip, false))).toBeGreaterThan(28)
    }
  })

  it('leads from each background to the first one', () => {
    for (const mode of ['pan', 'zoom', 'tilt']) {
      const [seed] = seedsWhere((clip) => modeOf(clip) === mode, 1)
      const error = warpError(generateClip({ seed: seed!, ...size }), true)
      expect(psnr(error), mode).toBeGreaterThan(26)
    }
    const moving = seedsWhere((clip) => ['follow', 'orbit', 'truck', 'dolly'].includes(modeOf(clip)), 8)
    const errors = moving.map((seed) => {
      const clip = generateClip({ seed, ...size })
      return [warpError(clip, true), warpError(clip, false)] as const
    })
    const gain = errors.reduce((sum, [after, before]) => sum + psnr(after) - psnr(before), 0) / errors.length
    expect(gain).toBeGreaterThan(5)
  })

  it('agrees with the cameras: a background point lies on its epipolar line in the first frame', () => {
    const [seed] = seedsWhere((clip) => modeOf(clip) === 'follow', 1)
    const clip = samplePoseAndFlow({ seed: seed!, ...size })
    const [t, cells] = [4, 96]
    const [K, w2c] = [
      (i: number) => clip.intrinsics.subarray(i * 9, i * 9 + 9),
      (i: number) => clip.extrinsics.subarray(i * 12, i * 12 + 12),
    ]
    const F = fundamentalMatrix(K(t), K(0), relativePose(w2c(t), w2c(0)))!
    let checked = 0
    for (let i = 0; i < cells; i++) {
      const [x, y] = [(i % 12) * 8 + 4, Math.floor(i / 12) * 8 + 4]
      const at = t * cells + i
      if (!clip.backgroundFlowValid[at]) continue
      const there = [x + clip.backgroundFlow[at * 2]!, y + clip.backgroundFlow[at * 2 + 1]!] as const
      expect(Math.abs(distanceToLine(epipolarLine(F, [x, y])!, there))).toBeLessThan(0.02)
      checked++
    }
    expect(checked).toBeGreaterThan(10)
  })

  it.each([
    ['pan-right', ([x]) => x > 0],
    ['pan-left', ([x]) => x < 0],
    ['tilt-up', ([, y]) => y < 0],
    ['tilt-down', ([, y]) => y > 0],
    ['zoom-in', ([, , z]) => z < 0],
    ['zoom-out', ([, , z]) => z > 0],
    ['orbit-left', ([x]) => x > 0],
    ['orbit-right', ([x]) => x < 0],
    ['static', (path) => path.every((v) => v === 0)],
    ['follow', (path) => path.some((v) => v !== 0)],
  ] satisfies [Hint, (path: [number, number, number, number]) => boolean][])(
    'goes the way that the hint %s says, whatever the poses are',
    (hint, agrees) => {
      for (let seed = 0; seed < 40; seed++) {
        const { cameraPath } = samplePoseAndFlow({ seed, ...size, hint })
        expect(agrees([...cameraPath.subarray(16)] as [number, number, number, number]), `seed ${seed}`).toBe(true)
      }
    },
  )

  it('is summed up by the camera path', () => {
    const [seed] = seedsWhere((clip) => modeOf(clip) === 'zoom', 1)
    const clip = samplePoseAndFlow({ seed: seed!, ...size })
    const [dx, dy, z, r] = clip.cameraPath.subarray(16, 20) as unknown as [number, number, number, number]
    const [x, y] = [92 - 48, 60 - 32]
    const cell = 4 * 96 + 95
    const scale = Math.exp(z)
    expect(scale * (Math.cos(r) * x - Math.sin(r) * y) + dx - x).toBeCloseTo(clip.backgroundFlow[cell * 2]!, 1)
    expect(scale * (Math.sin(r) * x + Math.cos(r) * y) + dy - y).toBeCloseTo(clip.backgroundFlow[cell * 2 + 1]!, 1)
  })
})

describe('a clip that leaves the camera open', () => {
  it('has the same poses with every hint', () => {
    for (const seed of [3, 50, 51]) {
      const clips = resolving.map((hint) => samplePoseAndFlow({ seed, ...size, hint }))
      for (const clip of clips) expect(clip.poses).toEqual(clips[0]!.poses)
      expect(clips.map((clip) => clip.hint)).toEqual(resolving)
    }
  })

  it('goes as fast as every other clip with that hint', () => {
    for (const seed of [3, 50, 51, 52]) {
      const { cameraPath } = samplePoseAndFlow({ seed, ...size, hint: 'pan-left' })
      expect(Math.abs(cameraPath[4 * 4]! / (0.4 * (4 / 12) * size.width) + 1)).toBeLessThan(0.12)
    }
  })

  it('is drawn with every hint about equally often', () => {
    const open = poseClips().filter((clip) => clip.cameraMode.startsWith('projected'))
    expect(open.length / poseClips().length).toBeGreaterThan(0.12)
    expect(open.length / poseClips().length).toBeLessThan(0.22)
    expect(new Set(open.map((clip) => clip.hint)).size).toBe(resolving.length)
  })

  it('needs a hint that says something', () => {
    expect(() => samplePoseAndFlow({ seed: 0, ...size, hint: 'auto' })).toThrow(/auto/)
  })
})

describe('a strip of a clip', () => {
  it('shows the person, then the clip from its first frame to its last', () => {
    const clip = generateClip({ seed: 5, ...size })
    const { width, height, data } = clipStrip(clip)
    expect([width, height]).toEqual([4 * 96, 64])
    const tile = (k: number) =>
      Uint8Array.from({ length: 64 * 96 * 3 }, (_, i) => data[(Math.floor(i / 288) * 4 + k) * 288 + (i % 288)]!)
    expect(tile(0)).toEqual(clip.referenceHuman)
    expect(tile(1)).toEqual(clip.frames.slice(0, 64 * 96 * 3))
    expect(tile(3)).toEqual(clip.frames.slice(4 * 64 * 96 * 3))
  })
})

describe('the camera work', () => {
  it('stands in about a third of the clips and is left to the poses in most', () => {
    const clips = poseClips()
    const share = (wanted: (clip: PoseClip) => boolean) => clips.filter(wanted).length / clips.length
    expect(share((clip) => clip.cameraPath.every((v) => v === 0))).toBeGreaterThan(0.24)
    expect(share((clip) => clip.cameraPath.every((v) => v === 0))).toBeLessThan(0.45)
    expect(share((clip) => clip.hint === 'auto')).toBeGreaterThan(0.6)
    // somebody whom a camera goes round looks like somebody who turns
    for (const clip of clips) if (modeOf(clip) === 'orbit') expect(clip.hint).toMatch(/^orbit/)
    expect(share((clip) => /^(follow|lead)/.test(modeOf(clip)))).toBeGreaterThan(0.15)
    expect(share((clip) => /zoom|dolly/.test(modeOf(clip)))).toBeGreaterThan(0.15)
  })

  it('keeps the subject in the frame while the camera stands or follows', () => {
    for (const seed of seedsWhere((clip) => ['static', 'follow'].includes(modeOf(clip)), 30)) {
      const { poses } = samplePoseAndFlow({ seed, ...size, frames: 13 })
      for (const { body } of poses) {
        const x = body[BODY.neck * 3]!
        expect(x).toBeGreaterThan(-10)
        expect(x).toBeLessThan(106)
      }
    }
  })
})
