// The person in a still picture: who, where the joints are, and which pixels.
import type { Keypoints } from '../../motion/types'
import { type Picture, UserError, flattenPicture, resizePicture } from '../../media'
import { type Body, closeUps, readBody } from './body'
import { toKeypoints } from './keypoints'
import { personMatte } from './matte'
import type { PoseModel } from './networks'
import { type Person, findPeople } from './people'
import type { Region } from './region'

export interface PersonDetection {
  /** In picture pixels; confidence 0 for what lies outside the picture or is turned away. */
  keypoints: Keypoints
  /** [height * width] share of the person in each pixel, 0..1. */
  mask: Float32Array
  /** How sure the networks are, 0..1. */
  score: number
  /** [33, 3] MediaPipe's points in metres from the hips: x to the right of the picture, y down, z away from the viewer. */
  worldLandmarks: Float32Array
  /** How many people are in the picture; the largest is the one described. */
  people: number
}

/** There is nobody in the picture. */
export class NoPersonError extends UserError {}

export interface DetectOptions {
  /** Default 'heavy'. */
  model?: PoseModel
  /** Key points by hand or from another program: they say where the person is, and are returned as they are. */
  keypoints?: Keypoints
}

/** The landmark network's own probability of a person, below which there is none. */
const PRESENT = 0.5

/**
 * The largest person in the picture.
 * @throws UserError when there is none, or none where `keypoints` says
 */
export async function detectPerson(picture: Picture, options: DetectOptions = {}): Promise<PersonDetection> {
  const detection = await detect(flattenPicture(picture), options)
  if (picture.channels === 4) withinAlpha(detection.mask, picture.data)
  return detection
}

/** A picture that is cut out already knows its outline: the person is at most what it shows. */
function withinAlpha(mask: Float32Array, rgba: Uint8Array): void {
  for (let i = 0; i < mask.length; i++) mask[i] = Math.min(mask[i]!, rgba[i * 4 + 3]! / 255)
}

async function detect(picture: Picture, { model = 'heavy', keypoints }: DetectOptions): Promise<PersonDetection> {
  if (keypoints) {
    const body = await readBody(picture, regionOf(keypoints), model)
    return { ...(await describe(picture, body, model)), keypoints, people: 1 }
  }
  const people = await searchReduced(picture)
  for (const person of people) {
    const body = await readBody(picture, person.region, model)
    if (body.score < PRESENT) continue
    const found = await describe(picture, body, model)
    return { ...found, score: person.score * body.score, people: people.length }
  }
  throw new NoPersonError('no person found in the picture; choose another picture')
}

/** People are looked for on a copy of at most this many pixels along the longer side: the smallest that count are still 120 pixels tall there. */
const SEARCHED = 2048

async function searchReduced(picture: Picture): Promise<Person[]> {
  const scale = Math.min(1, SEARCHED / Math.max(picture.width, picture.height))
  const small = await resizePicture(picture, Math.round(picture.width * scale), Math.round(picture.height * scale))
  const people = await findPeople(small)
  return people.map(({ region: { x, y, size, rotation }, score }) => ({
    region: { x: x / scale, y: y / scale, size: size / scale, rotation },
    score,
  }))
}

async function describe(picture: Picture, body: Body, model: PoseModel): Promise<Omit<PersonDetection, 'people'>> {
  return {
    keypoints: toKeypoints(body.landmarks, picture.width, picture.height),
    mask: await personMatte(picture, body.segment, await closeUps(picture, body, model)),
    score: body.score,
    worldLandmarks: Float32Array.from(body.landmarks.slice(0, 33).flatMap(({ world }) => world)),
  }
}

/** An upright square around the present points, with the room that the network is used to. */
function regionOf({ body }: Keypoints): Region {
  const present = Array.from({ length: 18 }, (_, i) => i).filter((i) => body[i * 3 + 2]! > 0)
  if (present.length < 3)
    throw new UserError(`the key points name ${present.length} body points; at least 3 are needed to place a person`)
  const range = (axis: number): [number, number] => {
    const values = present.map((i) => body[i * 3 + axis]!)
    return [Math.min(...values), Math.max(...values)]
  }
  const [left, right] = range(0)
  const [top, bottom] = range(1)
  return {
    x: (left + right) / 2,
    y: (top + bottom) / 2,
    size: 1.5 * Math.max(right - left, bottom - top, 16),
    rotation: 0,
  }
}
