// The landmark network on one person: points, and which parts of the square around the body belong to the person.
import type { Picture } from '../../media'
import { bodyRegion } from './detector'
import { LANDMARK_SIDE, type Landmark, decodeLandmarks } from './landmarks'
import { type PoseModel, landmarkNetwork } from './networks'
import { type Region, cutRegion, intoRegion } from './region'

/** What the network takes for the person in one square: logits [256, 256], within +-`CERTAIN`. */
export interface Segment {
  region: Region
  logits: Float32Array
}

export interface Body {
  landmarks: Landmark[]
  /** Probability that a person is in the square at all. */
  score: number
  /** The whole body's square. */
  segment: Segment
}

/** Logits beyond this say no more; the network's own range differs from size to size (heavy: -75..25, lite: -1000..350). */
export const CERTAIN = 10
/** Landmarks 33 and 34: the middle of the hips and a point on the circle around the body, from which the next square follows. */
const [HIPS, EDGE] = [33, 34]
/** Looks at the body: each one takes the square that the last one's points suggest. */
const PASSES = 2

/** The body in `region`, after the square has been corrected by the network's own points. */
export async function readBody(picture: Picture, region: Region, model: PoseModel): Promise<Body> {
  let body = await look(picture, region, model)
  for (let pass = 1; pass < PASSES; pass++) {
    const [hips, edge] = [body.landmarks[HIPS]!, body.landmarks[EDGE]!]
    body = await look(picture, bodyRegion([hips.x, hips.y], [edge.x, edge.y]), model)
  }
  return body
}

async function look(picture: Picture, region: Region, model: PoseModel): Promise<Body> {
  const network = await landmarkNetwork(model)
  const outputs = await network(await cutRegion(picture, region, LANDMARK_SIDE, [0, 1], 'edge'))
  const logits = outputs.mask.map((logit) => Math.min(Math.max(logit, -CERTAIN), CERTAIN))
  return { landmarks: decodeLandmarks(outputs, region), score: outputs.score[0]!, segment: { region, logits } }
}

/** A close-up's side as a share of the body's square, and how far from its middle a point may lie to be well seen. */
const CLOSE = 0.55
const CENTRAL = 0.28
/** Points that close-ups must show: nose, shoulders, elbows, wrists, index fingers, hips, knees, ankles, heels, toes. */
const SHOWN = [0, 11, 12, 13, 14, 15, 16, 19, 20, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32]

/** The network's answer on close-ups that cover the body: finer at the outline (shoes, fingers, hair), but blind to what the parts belong to. */
export async function closeUps(picture: Picture, body: Body, model: PoseModel): Promise<Segment[]> {
  const segments: Segment[] = []
  for (const region of closeUpRegions(body)) segments.push((await look(picture, region, model)).segment)
  return segments
}

/** Few squares that show all points near their middle: again and again the one that shows most of those left (its centre midway between two). */
function closeUpRegions({ landmarks, segment }: Body): Region[] {
  const { size, rotation } = segment.region
  let left = SHOWN.map((index) => landmarks[index]!)
  const regions: Region[] = []
  while (left.length > 0) {
    let best = { region: segment.region, shown: left.slice(0, 0) }
    for (const a of left) {
      for (const b of left) {
        const region = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, size: size * CLOSE, rotation }
        const shown = left.filter(({ x, y }) =>
          intoRegion(region, x, y).every((share) => Math.abs(share - 0.5) < CENTRAL),
        )
        if (shown.length > best.shown.length) best = { region, shown }
      }
    }
    regions.push(best.region)
    const { shown } = best
    left = left.filter((point) => !shown.includes(point))
  }
  return regions
}
