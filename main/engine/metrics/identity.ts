// Whether the person is still the person: part by part, are the colours and the texture of the produced clip those of the true one? Colours
// are compared as distributions, so that a sleeve that lies a pixel aside is not a wrong sleeve; where things are, mask_iou says.
import type { Keypoints } from '../../motion/types'
import { boneCount } from '../models/animate-anywhere'
import { nearestPart, partsOf } from './parts'

/** One side of the comparison: RGB bytes of each frame, and how much of each pixel the person covers, 0..255. */
export interface Seen {
  readonly frames: readonly Uint8Array[]
  readonly person: readonly Uint8Array[]
}

/** Pixels that the true clip must show of a part for it to count. */
const leastPixels = 6
/** Distance, in grey levels, at which a part scores exp(-1). */
const unlike = 32

/**
 * 0..1, mean over frames and parts: exp(-d / 32) with d the distance of colours (Wasserstein-1, mean of R, G, B, grey levels) plus half that of
 * texture (of each pixel's brightness against its neighbours'). A part that is not there scores 0; NaN when the true clip shows no part.
 * @param poses true key points of each frame, pixels
 */
export function identity(produced: Seen, truth: Seen, poses: readonly Keypoints[], width: number): number {
  let [sum, count] = [0, 0]
  poses.forEach((pose, t) => {
    const parts = partsOf(pose)
    const own = samples(produced.frames[t]!, produced.person[t]!, parts, width)
    const wanted = samples(truth.frames[t]!, truth.person[t]!, parts, width)
    wanted.forEach((channels, k) => {
      if (channels[0].length < leastPixels) return
      count++
      const shown = own[k]!
      if (shown[0].length < leastPixels / 2) return
      const distances = channels.map((values, c) => wasserstein(values, shown[c]!))
      const [r, g, b, texture] = distances as [number, number, number, number]
      sum += Math.exp(-((r + g + b) / 3 + texture / 2) / unlike)
    })
  })
  return count > 0 ? sum / count : NaN
}

type Channels = [r: number[], g: number[], b: number[], texture: number[]]

/** Per part the values of its pixels. */
function samples(frame: Uint8Array, person: Uint8Array, parts: ReturnType<typeof partsOf>, width: number): Channels[] {
  const out = Array.from({ length: boneCount }, (): Channels => [[], [], [], []])
  const light = (i: number) => 0.299 * frame[i * 3]! + 0.587 * frame[i * 3 + 1]! + 0.114 * frame[i * 3 + 2]!
  for (let i = 0; i < person.length; i++) {
    if (person[i]! <= 127) continue
    const part = nearestPart(parts, (i % width) + 0.5, Math.floor(i / width) + 0.5)
    if (part < 0) continue
    for (let c = 0; c < 3; c++) out[part]![c]!.push(frame[i * 3 + c]!)
    const beside = [i - 1, i + 1, i - width, i + width].filter((n) => person[n] !== undefined && person[n] > 127)
    if (beside.length > 0) out[part]![3].push(light(i) - beside.reduce((sum, n) => sum + light(n), 0) / beside.length)
  }
  return out
}

/** Mean distance that values must move for one distribution to become the other: the area between their quantile functions. */
export function wasserstein(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0) return 0
  const [x, y] = [a, b].map((values) => [...values].sort((p, q) => p - q)) as [number[], number[]]
  let [i, j, at, area] = [0, 0, 0, 0]
  while (i < x.length && j < y.length) {
    const next = Math.min((i + 1) / x.length, (j + 1) / y.length)
    area += (next - at) * Math.abs(x[i]! - y[j]!)
    at = next
    if ((i + 1) / x.length <= next) i++
    if ((j + 1) / y.length <= next) j++
  }
  return area
}
