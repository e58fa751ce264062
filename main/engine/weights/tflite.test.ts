import { describe, expect, it } from 'vitest'
import { i32, i32s, i8, table, tables } from '../../../test/fuzz/flatbuffer-writer'
import { writeTflite } from '../../../test/fuzz/tflite-seeds'
import { detectorFile, landmarkFile } from '../perception/networks'
import { parseTflite } from './tflite'
import { constantValues } from './tflite-constants'
import { importTflite } from './tflite-import'

const lite = landmarkFile('lite')

/** A small repeatable generator (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Undefined when the work succeeded, else the error, which must be one that the user can read. */
function complaint(work: () => unknown): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    expect((error as Error).name, (error as Error).stack).toBe('UserError')
    return (error as Error).message
  }
}

describe('parseTflite', () => {
  it('reads the graph of the pose landmark network', () => {
    const model = parseTflite(lite, 'pose_landmark_lite.tflite')
    const shapes = (indices: number[]) => indices.map((index) => model.tensors[index]!.shape)
    expect(shapes(model.inputs)).toEqual([[1, 256, 256, 3]])
    expect(shapes(model.outputs)).toEqual([
      [1, 195],
      [1, 1],
      [1, 256, 256, 1],
      [1, 64, 64, 39],
      [1, 117],
    ])
    expect(model.operators.filter(({ code }) => code === 'DEPTHWISE_CONV_2D')).toHaveLength(34)
  })

  it('fills in the sparse weights of the detector', () => {
    const model = parseTflite(detectorFile(), 'pose_detection.tflite')
    const sparse = model.tensors.filter(({ sparsity }) => sparsity)
    expect(sparse).toHaveLength(38)
    const values = constantValues(sparse[0]!)
    expect(values).toHaveLength(sparse[0]!.shape.reduce((a, b) => a * b))
    const stored = sparse[0]!.data!.length / 2 // float16
    expect(values.filter((value) => value !== 0).length).toBeLessThanOrEqual(stored)
    expect(values.filter((value) => value !== 0).length).toBeGreaterThan(stored * 0.9)
  })

  it.each([
    ['an empty file', new Uint8Array(0), /TFL3/],
    ['text', new TextEncoder().encode('this is not a model, it is a sentence'), /TFL3/],
    ['a mark and nothing else', new TextEncoder().encode('\x08\0\0\0TFL3'), /byte/],
    ['half a model', lite.subarray(0, lite.length >> 1), /pose\.tflite is not a usable \.tflite model/],
  ])('refuses %s in one line', (_, bytes, message) => {
    expect(complaint(() => parseTflite(bytes, 'pose.tflite'))).toMatch(message)
  })

  it('survives damage anywhere outside the weights: a model or a clear error, soon', () => {
    const model = parseTflite(lite, 'lite')
    const weights = new Uint8Array(lite.length)
    for (const { data } of model.tensors)
      if (data) weights.fill(1, data.byteOffset - lite.byteOffset, data.byteOffset - lite.byteOffset + data.length)
    const structure = Array.from(lite.keys()).filter((i) => weights[i] === 0)
    const next = random(7)
    const damaged = lite.slice()
    let refused = 0
    for (let round = 0; round < 300; round++) {
      const touched = Array.from(
        { length: 1 + Math.floor(next() * 4) },
        () => structure[Math.floor(next() * structure.length)]!,
      )
      for (const i of touched) damaged[i] = Math.floor(next() * 256)
      const started = performance.now()
      const error = complaint(() => {
        const parsed = parseTflite(damaged, 'damaged.tflite')
        if (round % 10 === 0) importTflite(parsed)
      })
      if (error !== undefined) refused++
      expect(performance.now() - started).toBeLessThan(20_000)
      for (const i of touched) damaged[i] = lite[i]!
    }
    expect(refused).toBeGreaterThan(30)
    expect(refused).toBeLessThan(300)
  })
})

describe('a model made to break its reader', () => {
  const read = (...model: Parameters<typeof writeTflite>) => {
    const { bytes } = writeTflite(...model)
    return complaint(() => parseTflite(bytes, 'made.tflite'))
  }
  const values = new Float32Array(64)

  it('is refused when it has no output', () => {
    expect(read([{ shape: [1] }], [], [])).toMatch(/it has no output/)
  })
  it('is refused when many tensors share their values: each would become a copy', () => {
    const shape = [1024]
    const first = { shape, values: new Float32Array(1024) }
    const { bytes, marks } = writeTflite([first, ...Array<{ shape: number[] }>(49).fill({ shape })], [], [0])
    const view = new DataView(bytes.buffer)
    // Tensor i takes buffer i + 1: these numbers follow each other among the values of the file. Now all take the first's.
    let next = 1
    for (const { at, bytes: size, kind } of marks)
      if (kind === 'value' && size === 4 && view.getInt32(at, true) === next && next++ > 1) view.setInt32(at, 1, true)
    expect(next).toBe(51)
    expect(complaint(() => parseTflite(bytes, 'made.tflite'))).toMatch(/many tensors have the same values/)
  })
  it('is refused when a few bytes claim to be a sparse tensor of a gigabyte', () => {
    const sparsity = {
      0: i32s([0, 1]),
      2: tables([
        { 0: i8(0), 1: i32(1) },
        { 0: i8(1), 2: i8(1), 3: table({ 0: i32s([0, 1]) }), 4: i8(1), 5: table({ 0: i32s([0]) }) },
      ]),
    }
    expect(read([{ shape: [1, 2 ** 28], values: values.subarray(0, 1), sparsity }], [], [0])).toMatch(
      /sparse tensor t0 \[1,268435456\] is made of 4 bytes/,
    )
  })
})

describe('constantValues', () => {
  it('decodes block-sparse values: 2x4 in blocks of 1x2, one block per row', () => {
    const sparsity = {
      traversalOrder: [0, 1, 2],
      blockMap: [1],
      levels: [
        { format: 'dense' as const, size: 2 },
        { format: 'csr' as const, segments: [0, 1, 2], indices: [1, 0] },
        { format: 'dense' as const, size: 2 },
      ],
    }
    const data = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer)
    const tensor = { name: 'w', shape: [2, 4], type: 'float32' as const, data, sparsity }
    expect(Array.from(constantValues(tensor))).toEqual([0, 0, 1, 2, 3, 4, 0, 0])
  })

  it('refuses an index outside the tensor', () => {
    const levels = [
      { format: 'dense' as const, size: 1 },
      { format: 'csr' as const, segments: [0, 1], indices: [9] },
    ]
    const sparsity = { traversalOrder: [0, 1], blockMap: [], levels }
    const data = new Uint8Array(4)
    expect(complaint(() => constantValues({ name: 'w', shape: [1, 4], type: 'float32', data, sparsity }))).toMatch(
      /index/,
    )
  })

  it('widens float16: one, a half, the smallest number, minus two', () => {
    const data = new Uint8Array(Uint16Array.of(0x3c00, 0x3800, 0x0001, 0xc000).buffer)
    expect(Array.from(constantValues({ name: 'h', shape: [4], type: 'float16', data }))).toEqual([1, 0.5, 2 ** -24, -2])
  })
})
