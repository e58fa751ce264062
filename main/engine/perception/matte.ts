// The person's outline at the picture's own resolution: the network says roughly where the person is (its cells are several pixels wide),
// the picture's colours say where exactly the outline runs, down to hair.
import { type Picture, cropPicture, resizePicture } from '../../media'
import { CERTAIN, type Segment } from './body'
import { type Planes, boxMean, guidedCoefficients } from './guided-filter'
import { LANDMARK_SIDE } from './landmarks'
import { solveMatte } from './matting'
import { fromRegion, intoRegion } from './region'

/** The outline is worked out on a copy of the person of at most this many pixels along the longer side, then carried over to the full picture. */
const LONGEST = 1400
/** Close-ups are believed where the whole body's view is within about this logit of undecided, and there this much more than it. */
const DOUBT = 4
const CLOSE_UP_WEIGHT = 5
/** The outline is open where the person's probability is between these, and this many network cells around. */
const OPEN: readonly [number, number] = [0.06, 0.94]
const MARGIN = 1.3
/** How strongly the outline is held to the network's answer against the colours, and the solver's steps: enough at 1400 pixels. */
const PULL = 0.1
const STEPS = 60
/** Shares below this are haze, and above one minus this solid. */
const HAZE = 0.2
/** Pieces smaller than this share of the largest do not belong to the person. */
const CRUMB = 0.02

interface Box {
  x: number
  y: number
  width: number
  height: number
}

/**
 * Share of the person in each pixel of `picture` [height * width], 0..1.
 * @param whole the network's answer for the whole body
 * @param close its answers for close-ups
 */
export async function personMatte(picture: Picture, whole: Segment, close: readonly Segment[]): Promise<Float32Array> {
  const box = personBox(picture, whole)
  const matte = new Float32Array(picture.width * picture.height)
  if (!box) return matte
  const crop = cropPicture(picture, box)
  const scale = Math.min(1, LONGEST / Math.max(box.width, box.height))
  const small = await resizePicture(
    crop,
    Math.max(1, Math.round(box.width * scale)),
    Math.max(1, Math.round(box.height * scale)),
  )
  const colours = planesOf(small)
  const cell = (whole.region.size / LANDMARK_SIDE) * scale
  const { probability, undecided } = likelihood(box, small, whole, close)
  const open = widened(undecided, small.width, small.height, cell)
  const guess = probability.map((value, i) => (open[i] ? value : Math.round(value)))
  const alpha = solveMatte(colours, guess, open, PULL, STEPS).map((value) =>
    Math.min(1, Math.max(0, (value - HAZE) / (1 - 2 * HAZE))),
  )
  dropCrumbs(alpha, small.width, small.height)
  const enlarged = small === crop ? alpha : enlarge(crop, colours, alpha)
  for (let y = 0; y < box.height; y++) {
    matte.set(enlarged.subarray(y * box.width, (y + 1) * box.width), (box.y + y) * picture.width + box.x)
  }
  return matte
}

/** The part of the picture that may hold the person, or undefined when there is none. */
function personBox(picture: Picture, { region, logits }: Segment): Box | undefined {
  const margin = (6 * region.size) / LANDMARK_SIDE
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  logits.forEach((logit, i) => {
    if (logit < -3) return
    const [x, y] = fromRegion(
      region,
      ((i % LANDMARK_SIDE) + 0.5) / LANDMARK_SIDE,
      (Math.floor(i / LANDMARK_SIDE) + 0.5) / LANDMARK_SIDE,
    )
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  })
  const x = Math.max(0, Math.floor(left - margin))
  const y = Math.max(0, Math.floor(top - margin))
  const width = Math.min(picture.width, Math.ceil(right + margin)) - x
  const height = Math.min(picture.height, Math.ceil(bottom + margin)) - y
  return width > 0 && height > 0 ? { x, y, width, height } : undefined
}

function planesOf({ width, height, channels, data }: Picture): Planes {
  const plane = (c: number): Float32Array =>
    Float32Array.from({ length: width * height }, (_, i) => data[i * channels + c]! / 255)
  return { width, height, planes: [plane(0), plane(1), plane(2)] }
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/**
 * Probability of the person per pixel of `small`, a reduced copy of `box`: close-ups correct the whole view where it is in doubt. And 1 for each
 * pixel that one of the two leaves undecided.
 */
function likelihood(
  box: Box,
  small: Picture,
  whole: Segment,
  close: readonly Segment[],
): { probability: Float32Array; undecided: Float32Array } {
  const { width, height } = small
  const probability = new Float32Array(width * height)
  const undecided = new Float32Array(width * height)
  const between = (share: number): boolean => share > OPEN[0] && share < OPEN[1]
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const x = box.x + ((column + 0.5) * box.width) / width
      const y = box.y + ((row + 0.5) * box.height) / height
      const base = logitAt(whole, x, y)?.logit ?? -CERTAIN
      const doubt = Math.exp(-((base / DOUBT) ** 2))
      let [sum, weights] = [base, 1]
      if (doubt > 1e-3) {
        for (const segment of close) {
          const seen = logitAt(segment, x, y)
          if (!seen) continue
          const weight = doubt * CLOSE_UP_WEIGHT * seen.centrality
          sum += weight * seen.logit
          weights += weight
        }
      }
      const i = row * width + column
      probability[i] = sigmoid(sum / weights)
      undecided[i] = between(probability[i]!) || between(sigmoid(base)) ? 1 : 0
    }
  }
  return { probability, undecided }
}

/** Bilinear logit of a segment at a picture pixel, and how central the pixel is in its square (1 in the middle, 0 at the border); undefined outside. */
function logitAt({ region, logits }: Segment, x: number, y: number): { logit: number; centrality: number } | undefined {
  const [u, v] = intoRegion(region, x, y)
  if (u <= 0 || v <= 0 || u >= 1 || v >= 1) return undefined
  const side = LANDMARK_SIDE
  const px = Math.min(Math.max(u * side - 0.5, 0), side - 1.001)
  const py = Math.min(Math.max(v * side - 0.5, 0), side - 1.001)
  const at = Math.floor(py) * side + Math.floor(px)
  const [fx, fy] = [px % 1, py % 1]
  const top = logits[at]! * (1 - fx) + logits[at + 1]! * fx
  const bottom = logits[at + side]! * (1 - fx) + logits[at + side + 1]! * fx
  return { logit: top * (1 - fy) + bottom * fy, centrality: (Math.sin(Math.PI * u) * Math.sin(Math.PI * v)) ** 2 }
}

/** 1 where the outline may run: undecided pixels and a margin around them. */
function widened(undecided: Float32Array, width: number, height: number, cell: number): Uint8Array {
  const share = boxMean(undecided, width, height, Math.max(1, Math.round(MARGIN * cell)))
  return Uint8Array.from(share, (value) => (value > 1e-6 ? 1 : 0))
}

/** Clears pieces that hang together with nothing solid, or are small. */
function dropCrumbs(alpha: Float32Array, width: number, height: number): void {
  const pieces: { pixels: number[]; solid: number }[] = []
  const seen = new Uint8Array(alpha.length)
  for (let start = 0; start < alpha.length; start++) {
    if (seen[start] || alpha[start] === 0) continue
    const pixels = [start]
    seen[start] = 1
    let solid = 0
    for (let next = 0; next < pixels.length; next++) {
      const i = pixels[next]!
      if (alpha[i]! > 0.9) solid++
      const x = i % width
      const around = [x > 0 ? i - 1 : -1, x < width - 1 ? i + 1 : -1, i - width, i + width]
      for (const j of around) {
        if (j < 0 || j >= width * height || seen[j] || alpha[j] === 0) continue
        seen[j] = 1
        pixels.push(j)
      }
    }
    pieces.push({ pixels, solid })
  }
  const largest = Math.max(0, ...pieces.map(({ solid }) => solid))
  for (const { pixels, solid } of pieces) if (solid < CRUMB * largest) for (const i of pixels) alpha[i] = 0
}

/** The matte of the reduced copy on the full crop: where it is neither 0 nor 1, by its local relation to the colours ("fast guided filter"). */
function enlarge(crop: Picture, colours: Planes, alpha: Float32Array): Float32Array {
  const { width, height } = colours
  const { planes } = guidedCoefficients(colours, alpha, 1, 1e-5)
  const edge = boxMean(alpha, width, height, 2)
  const out = new Float32Array(crop.width * crop.height)
  for (let y = 0; y < crop.height; y++) {
    const py = Math.min(Math.max(((y + 0.5) * height) / crop.height - 0.5, 0), height - 1.001)
    const row = Math.floor(py) * width
    const fy = py % 1
    for (let x = 0; x < crop.width; x++) {
      const px = Math.min(Math.max(((x + 0.5) * width) / crop.width - 0.5, 0), width - 1.001)
      const at = row + Math.floor(px)
      const near = edge[at]!
      const to = y * crop.width + x
      if (near < 1e-5 || near > 1 - 1e-5) {
        out[to] = Math.round(near)
        continue
      }
      const fx = px % 1
      const sample = (plane: Float32Array): number =>
        (plane[at]! * (1 - fx) + plane[at + 1]! * fx) * (1 - fy) +
        (plane[at + width]! * (1 - fx) + plane[at + width + 1]! * fx) * fy
      let value = sample(planes[3]!)
      for (let c = 0; c < 3; c++) value += (sample(planes[c]!) * crop.data[to * crop.channels + c]!) / 255
      out[to] = Math.min(1, Math.max(0, value))
    }
  }
  return out
}
