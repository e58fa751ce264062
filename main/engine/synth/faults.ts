// What real cameras do to a picture, never so much that anybody would call the clip broken: motion blur, exposure that drifts, softness,
// noise of the sensor, compression.
import type { Random } from '../nn/random'
import type { Rgb } from './colour'

export interface Faults {
  /** Share of the time between two frames during which the shutter is open: 0 = no motion blur. */
  shutter: number
  /** Factor by which exposure and white balance change from the first frame to the last. */
  drift: Rgb
  /** Whether the lens is a little soft. */
  soft: boolean
  /** Standard deviation of the sensor's noise, bytes. */
  noise: number
  /** Quantiser step of the compression, bytes: 0 = none. */
  compression: number
}

export function makeFaults(random: Random): Faults {
  const chance = (share: number, low: number, high: number) => {
    const [happens, amount] = [random.next() < share, random.uniform(low, high)]
    return happens ? amount : 0
  }
  const exposure = chance(0.25, -0.12, 0.12)
  const tint = () => Math.exp(exposure + (exposure === 0 ? 0 : 0.015 * random.normal()))
  return {
    drift: [tint(), tint(), tint()],
    shutter: chance(0.3, 0.25, 0.6),
    soft: random.next() < 0.12,
    noise: chance(0.5, 0.4, 3),
    compression: chance(0.2, 4, 12),
  }
}

/** Does to the picture [H, W, 3] what sensor and compression do; the same to any taken with the same `random`. */
export function spoil(picture: Uint8Array, width: number, faults: Faults, random: Random): void {
  if (faults.noise > 0) addNoise(picture, faults.noise, random)
  if (faults.compression > 0) compress(picture, width, faults.compression)
}

/** What a soft lens does to a picture or mask [H, W, channels]: 3 x 3 binomial blur; the border stays. */
export function soften(picture: Uint8Array, width: number, channels: number): void {
  for (const stride of [channels, width * channels]) {
    const from = picture.slice()
    for (let at = stride; at < picture.length - stride; at++)
      picture[at] = (from[at - stride]! + 2 * from[at]! + from[at + stride]! + 2) >> 2
  }
}

function addNoise(picture: Uint8Array, sigma: number, random: Random) {
  // sums of three uniform numbers are normal enough, and ten times faster to draw
  let state = random.int(2 ** 31) | 1
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (state >>> 8) / 2 ** 24 - 0.5
  }
  const scale = sigma * 2
  for (let i = 0; i < picture.length; i++) {
    const value = picture[i]! + scale * (uniform() + uniform() + uniform())
    picture[i] = value < 0 ? 0 : value > 255 ? 255 : value + 0.5
  }
}

const BLOCK = 8
/** Rows of the orthonormal cosine transform. */
const COSINES = Float32Array.from({ length: BLOCK * BLOCK }, (_, i) => {
  const [k, n] = [Math.floor(i / BLOCK), i % BLOCK]
  return (k === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * n + 1) * k * Math.PI) / (2 * BLOCK))
})

/** As JPEG does it: blocks of 8 x 8, their cosine transform rounded, finer the lower the frequency. */
function compress(picture: Uint8Array, width: number, step: number) {
  const height = picture.length / 3 / width
  const block = new Float32Array(BLOCK * BLOCK)
  const turned = new Float32Array(BLOCK * BLOCK)
  for (let c = 0; c < 3; c++)
    for (let y = 0; y < height; y += BLOCK)
      for (let x = 0; x < width; x += BLOCK) {
        const at = (i: number) => ((y + (i >> 3)) * width + x + (i & 7)) * 3 + c
        for (let i = 0; i < 64; i++) block[i] = picture[at(i)]!
        transform(block, turned, false)
        for (let i = 0; i < 64; i++) {
          const size = step * (0.5 + 0.25 * ((i >> 3) + (i & 7)))
          turned[i] = Math.round(turned[i]! / size) * size
        }
        transform(turned, block, true)
        for (let i = 0; i < 64; i++) picture[at(i)] = Math.max(0, Math.min(255, block[i]! + 0.5))
      }
}

const half = new Float32Array(BLOCK * BLOCK)

/** Two-dimensional cosine transform of an 8 x 8 block, or its inverse. */
function transform(from: Float32Array, to: Float32Array, inverse: boolean) {
  const weight = (k: number, n: number) => (inverse ? COSINES[n * 8 + k]! : COSINES[k * 8 + n]!)
  for (let k = 0; k < 8; k++)
    for (let row = 0; row < 8; row++) {
      let sum = 0
      for (let n = 0; n < 8; n++) sum += weight(k, n) * from[row * 8 + n]!
      half[row * 8 + k] = sum
    }
  for (let k = 0; k < 8; k++)
    for (let column = 0; column < 8; column++) {
      let sum = 0
      for (let n = 0; n < 8; n++) sum += weight(k, n) * half[n * 8 + column]!
      to[k * 8 + column] = sum
    }
}
