// The landmark network on one person: points, and how likely each spot of the square around the body belongs to the person.
import type { Picture } from '../../media'
import { bodyRegion } from './detector'
import { LANDMARK_SIDE, type Landmark, decodeLandmarks } from './landmarks'
import { type PoseModel, landmarkNetwork } from './networks'
import { type Region, cutRegion } from './region'

/** What the network sees in one square: probability [side, side] of the person at each spot, and the square. */
export interface Segment {
  region: Region
  side: number
  probability: Float32Array
}

export interface Body {
  landmarks: Landmark[]
  /** Probability that a person is in the square at all. */
  score: number
  segment: Segment
}

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
  const probability = outputs.mask.map((logit) => 1 / (1 + Math.exp(-logit)))
  return {
    landmarks: decodeLandmarks(outputs, region),
    score: outputs.score[0]!,
    segment: { region, side: LANDMARK_SIDE, probability },
  }
}
