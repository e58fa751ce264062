import { describe, expect, it } from 'vitest'
import { compile } from '../backends/onnx'
import { distanceToLine, epipolarLine, fundamentalMatrix, relativePose } from '../geometry/epipolar'
import { grad, hostTensor, input, program } from '../ir'
import type { HostTensor } from '../ir'
import { Random } from '../nn'
import { backgroundTokens, epipolarFeeds, tokenFrames } from './epipolar-feeds'
import type { EpipolarClip } from './epipolar-feeds'
import { epipolarBlocks, epipolarInputs, epipolarLoss } from './epipolar-loss'

const grid = { time: 4, height: 3, width: 4 }
const [cells, N, px] = [12, 48, 16]
const [text, reference, heads, size] = [3, 5, 2, 8]
const [queries, keys] = [text + N, text + N + reference]

const single = tokenFrames(grid.time, 1, null)

/** A clip of four frames of 64 x 48: the camera moves aside, then turns on the spot, then goes on; somebody stands on the left. */
function madeClip(id: string, cameras = true): EpipolarClip {
  const [width, height] = [grid.width * px, grid.height * px]
  const places = [[0, 0, 0, 0], [0.4, 0, 0.1, 0], [0.4, 0, 0.1, 0.15], [0.7, -0.1, 0.4, 0.2]] as const // prettier-ignore
  const extrinsics = places.flatMap(([x, y, z, angle]) => {
    const [c, s] = [Math.cos(angle), Math.sin(angle)]
    return [[c, 0, -s], [0, 1, 0], [s, 0, c]].flatMap((row) => [...row, -row[0]! * x - row[1]! * y - row[2]! * z]) // prettier-ignore
  })
  const humanMask = new Uint8Array(grid.time * width * height)
  for (let i = 0; i < humanMask.length; i++)
    if (i % width < 20 && Math.floor(i / width) % height > 10) humanMask[i] = 255
  return {
    ...{ id, width, height, ground: backgroundTokens({ width, height, humanMask }, grid, single) },
    intrinsics: Float32Array.from(places.flatMap(() => [80, 0, 32, 0, 80, 24, 0, 0, 1].map((v) => (cameras ? v : 0)))),
    extrinsics: Float32Array.from(extrinsics),
  }
}

const centre = (token: number) => [((token % cells) % grid.width + 0.5) * px, (Math.floor((token % cells) / grid.width) + 0.5) * px] as const // prettier-ignore
const radius = 1.5 * Math.SQRT1_2 * px

/** Whether token j may show what token i does: N x N answers from the textbook's F and the homography, one pair at a time. */
function mayMatch({ intrinsics, extrinsics }: EpipolarClip, i: number, j: number): boolean {
  const [s, t] = [Math.floor(i / cells), Math.floor(j / cells)]
  if (s === t) return true
  const K = intrinsics.subarray(0, 9)
  const pose = relativePose(extrinsics.subarray(12 * s, 12 * s + 12), extrinsics.subarray(12 * t, 12 * t + 12))
  const [x, y] = centre(i)
  /** Where the point would be at depth z. */
  const at = (z: number) => {
    const ray = [(x - K[2]!) / K[0]!, (y - K[5]!) / K[4]!, 1]
    const [u, v, w] = [0, 1, 2].map((r) => z * [0, 1, 2].reduce((sum, c) => sum + pose.R[3 * r + c]! * ray[c]!, 0) + pose.t[r]!) // prettier-ignore
    return { x: (K[0]! * u!) / w! + K[2]!, y: (K[4]! * v!) / w! + K[5]!, w: w! }
  }
  const key = centre(j)
  const still = Math.hypot(pose.t[0]!, pose.t[1]!, pose.t[2]!) < 1e-6
  if (!still) {
    const line = epipolarLine(fundamentalMatrix(K, K, pose)!, [x, y])!
    if (distanceToLine(line, key) >= radius) return false
  }
  for (let z = 0.3; z < 1e4; z *= still ? 1e9 : 1.002) {
    const seen = at(z)
    const within = seen.x > -radius && seen.x < grid.width * px + radius && seen.y > -radius && seen.y < grid.height * px + radius // prettier-ignore
    if (seen.w > 0 && within && Math.hypot(seen.x - key[0], seen.y - key[1]) < radius) return true
  }
  return false
}

/** The human's tokens: covered by a tenth and more. The one at the top of the second column is covered by 8%. */
const isHuman = (token: number) => {
  const [row, column] = [Math.floor((token % cells) / grid.width), token % grid.width]
  return column === 0 || (column === 1 && row > 0)
}

interface Naive {
  loss: number
  q: Float64Array
  k: Float64Array
  /** Share of all pairs of background tokens in different frames that is in Omega. */
  omega: number
  rows: number[]
}

/** The definition, written out with N x N matrices in double precision, and its gradient. */
function naive(
  clips: readonly EpipolarClip[],
  q: Float32Array,
  k: Float32Array,
  percentile: number | undefined,
): Naive {
  const out: Naive = { loss: 0, q: new Float64Array(q.length), k: new Float64Array(k.length), omega: 0, rows: [] }
  const counted = clips.filter((clip) => clip.intrinsics[0]! > 0).length
  const ground = Array.from({ length: N }, (_, i) => i).filter((i) => !isHuman(i))
  clips.forEach((clip, b) => {
    if (!(clip.intrinsics[0]! > 0)) return
    for (const i of ground) {
      const at = (h: number, row: number, count: number) => ((b * heads + h) * count + row) * size
      const maps = Array.from({ length: heads }, (_, h) => {
        const logits = Array.from({ length: keys }, (_, j) => {
          let dot = 0
          for (let d = 0; d < size; d++) dot += q[at(h, text + i, queries) + d]! * k[at(h, j, keys) + d]!
          return dot / Math.sqrt(size)
        })
        const top = Math.max(...logits)
        const powers = logits.map((v) => Math.exp(v - top))
        const total = powers.reduce((x, y) => x + y)
        return powers.map((v) => v / total)
      })
      const A = (token: number) => maps.reduce((sum, map) => sum + map[text + token]!, 0) / heads
      const sorted = ground.map(A).sort((x, y) => x - y)
      const delta = percentile === undefined ? Infinity : sorted[Math.floor((percentile * ground.length) / 100)]!
      const omega = ground.filter((j) => !mayMatch(clip, i, j) && A(j) < delta)
      out.omega += omega.length / ground.length ** 2 / counted
      const unit = keys / Math.max(1, omega.length)
      const l = omega.reduce((sum, j) => sum + A(j), 0) * unit
      out.rows.push(l)
      const weight = 1 / (ground.length * counted)
      out.loss += weight * l
      maps.forEach((map, h) => {
        const dP = map.map(() => 0)
        for (const j of omega) dP[text + j] = (weight * unit) / heads
        const mean = map.reduce((sum, p, j) => sum + p * dP[j]!, 0)
        map.forEach((p, j) => {
          const dS = (p * (dP[j]! - mean)) / Math.sqrt(size)
          for (let d = 0; d < size; d++) {
            out.q[at(h, text + i, queries) + d]! += dS * k[at(h, j, keys) + d]!
            out.k[at(h, j, keys) + d]! += dS * q[at(h, text + i, queries) + d]!
          }
        })
      })
    }
  })
  return out
}

async function compiled(batch: number, rows: number, mode: 'strict' | 'adaptive', percentile: number) {
  const [q, k] = [input('q', [batch, heads, queries, size]), input('k', [batch, heads, keys, size])]
  const loss = epipolarLoss({ q, k }, epipolarInputs(batch, grid, rows), grid, { mode, percentile })
  const [dq, dk] = grad(loss, [q, k]) as [typeof q, typeof k]
  return compile(program('epipolar', { loss, dq, dk }), { training: true })
}

const drawn = (batch: number, sharpness: number): Record<'q' | 'k', HostTensor> => {
  const random = new Random(11)
  const values = (count: number) => hostTensor(random.normals(batch * heads * count * size).map((v) => v * sharpness), [batch, heads, count, size]) // prettier-ignore
  return { q: values(queries), k: values(keys) }
}
const floats = (tensor: HostTensor | undefined) => tensor!.data as Float32Array
/** Largest difference as a share of the largest value. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [worst, top] = [0, 0]
  for (let i = 0; i < b.length; i++)
    [worst, top] = [Math.max(worst, Math.abs(a[i]! - b[i]!)), Math.max(top, Math.abs(b[i]!))]
  return worst / top
}

describe('the epipolar loss over all rows', () => {
  // One clip whose camera moves and turns, with text, reference and human tokens, and one clip that must not count.
  const clips = [madeClip('known'), madeClip('unknown', false)]
  it.each([
    ['strict', undefined, 1],
    ['strict', undefined, 2.5],
    ['adaptive', 10, 1],
    ['adaptive', 30, 1],
    ['adaptive', 30, 2.5],
    ['adaptive', 90, 1],
  ] as const)(
    'equals the N x N form and its gradient: %s, percentile %s, logits x %s',
    async (mode, percentile, sharp) => {
      const { q, k } = drawn(2, sharp)
      const { feeds, skipped } = epipolarFeeds(clips, grid, single, new Random(1), N)
      expect(skipped).toEqual(['unknown: no epipolar loss, its cameras are unknown'])
      const executable = await compiled(2, N, mode, percentile ?? 0)
      const found = await executable.run({ q, k, ...feeds })
      const wanted = naive(clips, floats(q), floats(k), percentile)
      expect(wanted.omega).toBeGreaterThan(0.02)
      expect(floats(found.loss)[0]! / wanted.loss).toBeCloseTo(1, 4)
      expect(difference(floats(found.dq), wanted.q)).toBeLessThan(1e-4)
      expect(difference(floats(found.dk), wanted.k)).toBeLessThan(1e-4)
      await executable.dispose()
    },
  )

  it('spares the same frame, and where the camera turned only what lies around the one point', () => {
    const clip = madeClip('one')
    const share = (s: number, t: number) => {
      let [inside, all] = [0, 0]
      for (let i = 0; i < cells; i++) for (let j = 0; j < cells; j++) [inside, all] = [inside + Number(mayMatch(clip, s * cells + i, t * cells + j)), all + 1] // prettier-ignore
      return inside / all
    }
    expect(share(2, 2)).toBe(1)
    expect(share(1, 2)).toBeLessThan(0.25)
    expect(share(0, 1)).toBeGreaterThan(share(1, 2))
  })
})

describe('the epipolar loss over sampled rows', () => {
  it('has the loss of all rows in expectation, and the stated variance', async () => {
    const clips = [madeClip('one')]
    const { q, k } = drawn(1, 1)
    const r = 6
    const executable = await compiled(1, r, 'adaptive', 30)
    const wanted = naive(clips, floats(q), floats(k), 30)
    const samples: number[] = []
    const gradient = new Float64Array(wanted.q.length)
    const random = new Random(2)
    const draws = 400
    for (let i = 0; i < draws; i++) {
      const { feeds } = epipolarFeeds(clips, grid, single, random, r)
      const found = await executable.run({ q, k, ...feeds })
      samples.push(floats(found.loss)[0]!)
      floats(found.dq).forEach((v, j) => (gradient[j]! += v / draws))
    }
    await executable.dispose()
    const mean = samples.reduce((a, b) => a + b) / draws
    const variance = samples.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (draws - 1)
    const n = wanted.rows.length
    const s2 = wanted.rows.reduce((sum, l) => sum + (l - wanted.loss) ** 2, 0) / (n - 1)
    const stated = ((1 - r / n) * s2) / r
    expect(Math.abs(mean - wanted.loss)).toBeLessThan(4 * Math.sqrt(stated / draws))
    expect(variance / stated).toBeGreaterThan(0.75)
    expect(variance / stated).toBeLessThan(1.3)
    expect(difference(gradient, wanted.q)).toBeLessThan(0.35) // each of 28 rows came about 86 times
  })

  it('is 0 with gradient 0 when no clip counts', async () => {
    const executable = await compiled(1, 6, 'adaptive', 30)
    const { feeds } = epipolarFeeds([madeClip('unknown', false)], grid, single, new Random(1), 6)
    const found = await executable.run({ ...drawn(1, 1), ...feeds })
    expect(floats(found.loss)[0]).toBe(0)
    expect(floats(found.dk).every((v) => v === 0)).toBe(true)
    await executable.dispose()
  })
})

describe('what the loss is told', () => {
  it('knows which pictures make a token, of mini and of both CogVideoX codecs', () => {
    expect(tokenFrames(3, 1, null)).toEqual([[0], [1], [2]])
    expect(tokenFrames(9, 4, null)).toEqual([[0], [1, 2, 3, 4], [5, 6, 7, 8]])
    expect(tokenFrames(9, 4, 2)).toEqual([[0], [1, 2, 3, 4, 5, 6, 7, 8]])
    expect(tokenFrames(13, 4, 2)).toEqual([
      [0, 1, 2, 3, 4],
      [5, 6, 7, 8, 9, 10, 11, 12],
    ])
    expect(() => tokenFrames(10, 4, 2)).toThrow('10 pictures are not 1 + a multiple of 4')
  })

  it('draws background tokens alone, each at most once while there are enough', () => {
    const { feeds } = epipolarFeeds([madeClip('one'), madeClip('two')], grid, single, new Random(3), 20)
    const rows = [...(feeds.epipolar_rows!.data as BigInt64Array)].map(Number)
    expect(new Set(rows).size).toBe(40)
    expect(rows.every((row, i) => Math.floor(row / N) === Math.floor(i / 20) && !isHuman(row % N))).toBe(true)
    expect(floats(feeds.epipolar_weights).every((w) => Math.abs(w - 1 / 40) < 1e-7)).toBe(true)
    expect([...floats(feeds.epipolar_ground)].slice(0, N)).toEqual(
      Array.from({ length: N }, (_, i) => (isHuman(i) ? 0 : 1)),
    )
  })

  it('is taken on blocks of the middle', () => {
    expect([epipolarBlocks(42), epipolarBlocks(4), epipolarBlocks(1)]).toEqual([[14, 28], [1, 2], [0]])
  })
})
