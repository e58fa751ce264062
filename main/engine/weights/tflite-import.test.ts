// The imported networks against LiteRT, Google's own runtime for these files.
import { beforeAll, describe, expect, it } from 'vitest'
import { sharedPath } from '../../../test/shared'
import { litertModel } from '../../../test/support/litert'
import { type Picture, readPicture, resizePicture } from '../../media'
import { compile } from '../backends/onnx'
import { hostTensor } from '../ir'
import { DETECTOR_OUTPUTS, LANDMARK_OUTPUTS, POSE_MODELS, detectorFile, landmarkFile } from '../perception/networks'
import { cutRegion } from '../perception/region'
import { parseTflite } from './tflite'
import { importTflite } from './tflite-import'

const names = ['humans/man_barbell_street_hires.jpg', 'humans/man_red_jacket_plain.png', 'humans/man_waterfall.jpg']
const pictures = new Map<string, Picture>()
beforeAll(async () => {
  for (const name of names) {
    const path = sharedPath(`data/${name}`)
    if (path) pictures.set(name, await reduced(await readPicture(path), 512))
  }
})

/** The picture with a longer side of `side` pixels. */
function reduced(picture: Picture, side: number): Promise<Picture> {
  const scale = side / Math.max(picture.width, picture.height)
  return resizePicture(picture, Math.round(picture.width * scale), Math.round(picture.height * scale))
}

/** A picture made here: a figure of ellipses on a textured ground, [side, side, 3] in low..high. */
function drawn(side: number, low: number, high: number): Float32Array {
  const parts = [
    [0.5, 0.17, 0.06, 0.08, 0.8],
    [0.5, 0.42, 0.1, 0.18, 0.2],
    [0.38, 0.42, 0.03, 0.17, 0.3],
    [0.62, 0.42, 0.03, 0.17, 0.3],
    [0.45, 0.75, 0.045, 0.2, 0.5],
    [0.55, 0.75, 0.045, 0.2, 0.5],
  ] as const
  const image = new Float32Array(side * side * 3)
  for (let i = 0; i < side * side; i++) {
    const [x, y] = [(i % side) / side, Math.floor(i / side) / side]
    const part = parts.find(([cx, cy, rx, ry]) => ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1)
    for (let c = 0; c < 3; c++)
      image[i * 3 + c] = low + (high - low) * (part ? part[4] : 0.6 + 0.1 * Math.sin(40 * x + 3 * c) * Math.cos(31 * y))
  }
  return image
}

async function bothOn(file: Uint8Array, outputs: readonly string[], side: number) {
  const program = importTflite(parseTflite(file, 'model.tflite'), outputs)
  const ours = await compile(program)
  const theirs = await litertModel(file)
  return async (image: Float32Array) => {
    const shape = [1, side, side, 3]
    const results = await ours.run({ [program.inputs[0]!.name!]: hostTensor(image, shape) })
    const expected = await theirs(image, shape)
    return outputs.map((name, i) => ({ name, ours: results[name]!.data as Float32Array, theirs: expected[i]! }))
  }
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
/** Largest difference after `map`, over the elements that `take` selects. */
function apart(
  a: Float32Array,
  b: Float32Array,
  map = (x: number) => x,
  take: (i: number) => boolean = () => true,
): number {
  expect(a).toHaveLength(b.length)
  return a.reduce((worst, value, i) => (take(i) ? Math.max(worst, Math.abs(map(value) - map(b[i]!))) : worst), 0)
}

const whole = ({ width, height }: Picture) => ({
  x: width / 2,
  y: height / 2,
  size: Math.max(width, height),
  rotation: 0,
})
async function views(side: number, low: number, high: number): Promise<[string, Float32Array][]> {
  const made: [string, Float32Array][] = [['drawn', drawn(side, low, high)]]
  for (const [name, picture] of pictures)
    made.push([name, await cutRegion(picture, whole(picture), side, [low, high], 'black')])
  return made
}

describe.each(POSE_MODELS)('pose_landmark_%s', (model) => {
  it('agrees with LiteRT: landmarks within 0.5 px of 256, mask within 1e-2', async () => {
    const run = await bothOn(landmarkFile(model), LANDMARK_OUTPUTS, 256)
    for (const [name, image] of await views(256, 0, 1)) {
      const [landmarks, score, mask, , world] = await run(image)
      expect(
        apart(landmarks!.ours, landmarks!.theirs, undefined, (i) => i % 5 < 2),
        name,
      ).toBeLessThan(0.5)
      expect(
        apart(landmarks!.ours, landmarks!.theirs, sigmoid, (i) => i % 5 > 2),
        name,
      ).toBeLessThan(1e-2)
      expect(apart(score!.ours, score!.theirs), name).toBeLessThan(1e-3)
      expect(apart(mask!.ours, mask!.theirs, sigmoid), name).toBeLessThan(1e-2)
      expect(apart(world!.ours, world!.theirs), name).toBeLessThan(1e-2)
    }
  })
})

describe('pose_detection', () => {
  it('agrees with LiteRT: scores and boxes within 1e-3', async () => {
    const run = await bothOn(detectorFile(), DETECTOR_OUTPUTS, 224)
    for (const [name, image] of await views(224, -1, 1)) {
      const [boxes, scores] = await run(image)
      expect(apart(scores!.ours, scores!.theirs, sigmoid), name).toBeLessThan(1e-3)
      expect(
        apart(boxes!.ours, boxes!.theirs, (x) => x / 224),
        name,
      ).toBeLessThan(1e-3)
    }
  })
})

describe('importTflite', () => {
  const empty = { name: 'm.tflite', inputs: [0], outputs: [1] }
  const tensors = [
    { name: 'x', shape: [1, 4, 4, 2], type: 'float32' as const },
    { name: 'y', shape: [1, 4, 4, 2], type: 'float32' as const },
  ]
  it('names an operator that it does not know', () => {
    const operators = [
      { code: 'CUSTOM:Landmarks2TransformMatrix', inputs: [0], outputs: [1], options: {}, custom: new Uint8Array(0) },
    ]
    expect(() => importTflite({ ...empty, tensors, operators })).toThrow(
      /CUSTOM:Landmarks2TransformMatrix for y is not supported/,
    )
  })
  it('compares each result with the shape in the file', () => {
    const operators = [
      { code: 'DEPTH_TO_SPACE', inputs: [0], outputs: [1], options: { blockSize: 1 }, custom: new Uint8Array(0) },
    ]
    const wrong = [tensors[0]!, { ...tensors[1]!, shape: [1, 4, 4, 8] }]
    expect(() => importTflite({ ...empty, tensors: wrong, operators })).toThrow(
      /gives \[1,4,4,2\], the file says \[1,4,4,8\]/,
    )
  })
})
