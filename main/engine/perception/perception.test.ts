// The pieces around the networks, on numbers that can be checked by hand.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BODY } from '../../motion/types'
import { anchors, bodyRegion, decodeDetections } from './detector'
import { toKeypoints } from './keypoints'
import { loadKeypointsFile } from './keypoints-file'
import { type Landmark, LANDMARKS, decodeLandmarks } from './landmarks'
import { cutRegion, fromRegion, intoRegion } from './region'

describe('region', () => {
  it('goes to picture pixels and back', () => {
    const region = { x: 120, y: 80, size: 50, rotation: 0.7 }
    const [u, v] = intoRegion(region, ...fromRegion(region, 0.1, 0.9))
    expect([u, v]).toEqual([expect.closeTo(0.1), expect.closeTo(0.9)])
    expect(fromRegion({ ...region, rotation: Math.PI / 2 }, 0.5, 0)).toEqual([expect.closeTo(145), expect.closeTo(80)]) // its top looks right
  })

  it('cuts a part, black or drawn out beyond the picture', async () => {
    const data = Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => (Math.floor(i / 3) % 32) * 8)
    const picture = { width: 32, height: 32, channels: 3 as const, data }
    const region = { x: 0, y: 16, size: 8, rotation: 0 } // its left half lies outside
    const red = (image: Float32Array) => Array.from({ length: 8 }, (_, x) => image[(4 * 8 + x) * 3]!)
    expect(red(await cutRegion(picture, region, 8, [0, 255], 'black'))).toEqual([0, 0, 0, 0, 0, 8, 16, 24])
    expect(red(await cutRegion(picture, { ...region, x: 32 }, 8, [0, 255], 'edge'))).toEqual([
      224, 232, 240, 248, 248, 248, 248, 248,
    ])
    expect(red(await cutRegion(picture, region, 8, [-1, 1], 'black'))[0]).toBe(-1)
  })
})

describe('detector', () => {
  it('has 2254 anchors: two per cell of 28x28 and 14x14, six per cell of 7x7', () => {
    const centres = anchors()
    expect(centres).toHaveLength(2254 * 2)
    expect(Array.from(centres.subarray(0, 4))).toEqual(
      [0.5 / 28, 0.5 / 28, 0.5 / 28, 0.5 / 28].map((v) => expect.closeTo(v)),
    )
    expect(centres[(1568 + 392) * 2]).toBeCloseTo(0.5 / 7)
  })

  it('merges boxes of one person by score and keeps another', () => {
    const boxes = new Float32Array(2254 * 12)
    const scores = new Float32Array(2254).fill(-100)
    const put = (i: number, x: number, logit: number) => {
      scores[i] = logit
      boxes.set([(x - anchors()[2 * i]!) * 224, (0.5 - anchors()[2 * i + 1]!) * 224, 44.8, 44.8], i * 12)
    }
    put(0, 0.3, 2)
    put(1, 0.31, 1)
    put(2, 0.8, 3)
    const people = decodeDetections(boxes, scores, 0.5)
    expect(people).toHaveLength(2)
    const [a, b] = [1 / (1 + Math.exp(-2)), 1 / (1 + Math.exp(-1))]
    expect(people[1]!.box[0]).toBeCloseTo((0.2 * a + 0.21 * b) / (a + b))
  })

  it("turns the body's square so that the head is up", () => {
    expect(bodyRegion([100, 100], [100, 60])).toEqual({ x: 100, y: 100, size: 100, rotation: expect.closeTo(0) })
    expect(bodyRegion([100, 100], [140, 100]).rotation).toBeCloseTo(Math.PI / 2) // lying, head to the right
  })
})

describe('landmarks', () => {
  const outputs = () => ({
    landmarks: new Float32Array(LANDMARKS * 5),
    score: Float32Array.of(1),
    mask: new Float32Array(256 * 256),
    heatmap: new Float32Array(64 * 64 * LANDMARKS).fill(-20),
    world: new Float32Array(LANDMARKS * 3),
  })

  it('go from the turned square to the picture, in pixels and in metres', () => {
    const raw = outputs()
    raw.landmarks.set([128, 0, 0, 0, 20], 0) // nose at the top of the square
    raw.world.set([0, -0.5, 0.1], 0)
    const [nose] = decodeLandmarks(raw, { x: 500, y: 500, size: 200, rotation: Math.PI / 2 })
    expect([nose!.x, nose!.y]).toEqual([expect.closeTo(600), expect.closeTo(500)])
    expect(nose!.world).toEqual([expect.closeTo(0.5), expect.closeTo(0), expect.closeTo(0.1)])
    expect([nose!.visibility, nose!.presence]).toEqual([0.5, expect.closeTo(1)])
  })

  it('are sharpened by a sure heat map only', () => {
    const raw = outputs()
    raw.landmarks.set([128, 128], 0)
    raw.landmarks.set([128, 128], 5)
    raw.heatmap[(30 * 64 + 33) * LANDMARKS] = 5
    raw.heatmap[(30 * 64 + 33) * LANDMARKS + 1] = -2
    const [first, second] = decodeLandmarks(raw, { x: 128, y: 128, size: 256, rotation: 0 })
    expect([first!.x, first!.y]).toEqual([expect.closeTo(132, 2), expect.closeTo(120, 2)])
    expect([second!.x, second!.y]).toEqual([128, 128])
  })
})

describe('toKeypoints', () => {
  /** A person who faces the viewer (or not), all points seen, in the middle of a 100x200 picture. */
  function person(facing: 1 | -1): Landmark[] {
    const landmarks = Array.from({ length: 33 }, (): Landmark => ({
      x: 50,
      y: 100,
      visibility: 1,
      presence: 1,
      world: [0, 0, 0],
    }))
    const world: [number, [number, number, number]][] = [
      [7, [0.08, -0.6, 0]],
      [8, [-0.08, -0.6, 0]],
      [2, [0.03, -0.65, -0.1]],
      [5, [-0.03, -0.65, -0.1]],
      [9, [0.03, -0.55, -0.1]],
      [10, [-0.03, -0.55, -0.1]],
    ]
    for (const [index, [x, y, z]] of world) landmarks[index]!.world = [x * facing, y, z * facing]
    return landmarks
  }
  const confidence = (landmarks: Landmark[], point: keyof typeof BODY) =>
    toKeypoints(landmarks, 100, 200).body[BODY[point] * 3 + 2]

  it('drops nose and eyes of a head seen from behind, and keeps its ears', () => {
    expect(confidence(person(1), 'nose')).toBe(1)
    expect(confidence(person(-1), 'nose')).toBe(0)
    expect(confidence(person(-1), 'leftEye')).toBe(0)
    expect(confidence(person(-1), 'leftEar')).toBe(1)
  })

  it('keeps the place but no confidence for points outside the picture, some for hidden ones', () => {
    const landmarks = person(1)
    landmarks[27]!.y = 230
    landmarks[15]!.visibility = 0
    const { body, leftHand } = toKeypoints(landmarks, 100, 200)
    expect(Array.from(body.subarray(BODY.leftAnkle * 3, BODY.leftAnkle * 3 + 3))).toEqual([50, 230, 0])
    expect(body[BODY.leftWrist * 3 + 2]).toBeCloseTo(0.3)
    expect(leftHand[2]).toBeCloseTo(0.3)
    expect(leftHand[8 * 3 + 2]).toBe(0) // the tip of the index finger is not known
  })

  it('puts the neck between the shoulders', () => {
    const landmarks = person(1)
    landmarks[11]!.x = 70
    landmarks[12]!.x = 40
    expect(toKeypoints(landmarks, 100, 200).body[BODY.neck * 3]).toBe(55)
  })
})

describe('loadKeypointsFile', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'keypoints-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  const file = (content: unknown): string => {
    const target = path.join(folder, 'points.json')
    writeFileSync(target, typeof content === 'string' ? content : JSON.stringify(content))
    return target
  }
  const size = { width: 200, height: 400 }
  const points = (count: number) => Array.from({ length: count }, (_, i) => [10 + i, 20 + i, 0.9]).flat()

  it("reads OpenPose's file, scaled from its canvas to the picture", () => {
    const people = [{ pose_keypoints_2d: points(18) }]
    const { body } = loadKeypointsFile(file({ canvas_width: 100, canvas_height: 200, people }), size)
    expect(Array.from(body.subarray(3, 6))).toEqual([22, 42, expect.closeTo(0.9)])
  })

  it('reads its own format', () => {
    const { body, leftHand, rightHand } = loadKeypointsFile(file({ body: points(18), leftHand: points(21) }), size)
    expect([body[0], leftHand[60], rightHand[60]]).toEqual([10, 30, 0])
  })

  it.each([
    ['not JSON', 'hello', /cannot be read as JSON/],
    ['another shape', { joints: [] }, /expected OpenPose's/],
    ['too few numbers', { body: [1, 2, 3] }, /body/],
    ['nobody', { people: [] }, /nobody/],
  ])('refuses %s in one line', (_, content, message) => {
    expect(() => loadKeypointsFile(file(content), size)).toThrow(message)
  })

  it('names a missing file', () => {
    expect(() => loadKeypointsFile('/nowhere/points.json', size)).toThrow(/\/nowhere\/points.json/)
  })
})
