import { describe, expect, it } from 'vitest'
import { compile } from '../../backends/onnx'
import { hostTensor, input, program } from '../../ir'
import { samplePoseAndFlow } from '../../synth'
import { backgroundFlow, cameraNumbers, cameraPath, warpBackground } from './place-motion'

const size = 32

describe('the camera path', () => {
  it('adds its steps up: turns and zooms as similarities, each seen through those before it, travel as it is', async () => {
    const T = 3
    const zoom = Math.log(2)
    const [ignored, first, second] = [Array(7).fill(9), [0.1, 0, zoom - 0.2, 0, 0.1, 0, 0.2], [0.2, 0, 0, 0, 0.1, 0, 0]]
    const steps = Float32Array.from([ignored, first, second].flat())
    const executable = await compile(program('path', { path: cameraPath(input('steps', [1, T, cameraNumbers])) }))
    const path = (await executable.run({ steps: hostTensor(steps, [1, T, cameraNumbers]) })).path!.data as Float32Array
    const expected = [0, 0, 0, 0, 0, 0, 0, 0, 0, zoom, 0, 0.1, 0, 0.2, 0.2, 0, zoom, 0, 0.2, 0, 0.2]
    path.forEach((v, i) => expect(v).toBeCloseTo(expected[i]!, 6))
  })
})

/** Flow [2, size, size] of one frame, and the ramp from black on the left to white on the right as it shows it. */
async function seen(path: readonly number[], nearness: number) {
  const flow = backgroundFlow(
    input('path', [1, 1, cameraNumbers]),
    input('nearness', [1, 1, 1, 1]),
    size,
    size,
    size,
    size,
  )
  const picture = warpBackground(input('background', [1, 3, size, size]), flow)
  const executable = await compile(program('warp', { flow, picture }))
  const ramp = Float32Array.from({ length: 3 * size * size }, (_, i) => (i % size) / size)
  const out = await executable.run({
    path: hostTensor(Float32Array.from(path), [1, 1, cameraNumbers]),
    nearness: hostTensor(Float32Array.of(nearness), [1, 1, 1, 1]),
    background: hostTensor(ramp, [1, 3, size, size]),
  })
  return { flow: out.flow!.data as Float32Array, picture: out.picture!.data as Float32Array }
}

describe('the place', () => {
  it('moves the other way: a camera that pans right finds in frame 0 what lay further right', async () => {
    const { flow, picture } = await seen([0.25, 0, 0, 0, 0, 0, 0], 1)
    expect(flow[0]).toBeCloseTo(8, 4)
    expect(picture[16 * size + 10]).toBeCloseTo(18 / size, 4)
  })

  it('moves the more the nearer it is, when the camera goes somewhere', async () => {
    const truck = [0, 0, 0, 0, 0.25, 0, 0]
    const shift = async (nearness: number) => (await seen(truck, nearness)).flow[0]!
    expect(await shift(0)).toBeCloseTo(0, 4) // the sky stays
    expect(await shift(0.5)).toBeCloseTo(4, 4)
    expect(await shift(2)).toBeCloseTo(16, 4)
  })

  it('grows the more the nearer it is, when the camera goes forward', async () => {
    const halfway = [0, 0, 0, 0, 0, 0, 0.5]
    const edge = async (nearness: number) => (await seen(halfway, nearness)).flow[size - 1]! / 15.5
    expect(await edge(0)).toBeCloseTo(0, 4)
    expect(await edge(0.5)).toBeCloseTo(-0.25, 4)
    expect(await edge(1)).toBeCloseTo(-0.5, 4)
  })

  it('is where true cameras see it', async () => {
    // with the true path and nearness hardly any of the true flow is left over
    const [W, H, T] = [96, 64, 13]
    const flow = backgroundFlow(
      input('path', [1, T, cameraNumbers]),
      input('nearness', [1, 1, H / 8, W / 8]),
      ...([W, H, H / 8, W / 8] as const),
    )
    const executable = await compile(program('flow', { flow }))
    const side = Math.sqrt(W * H)
    const [off, all] = [[], []] as [number[], number[]]
    for (let seed = 0; seed < 24; seed++) {
      const clip = samplePoseAndFlow({ seed, width: W, height: H, frames: T, fps: 12 })
      const path = Float32Array.from({ length: T * cameraNumbers }, (_, i) => {
        const [t, k] = [Math.floor(i / cameraNumbers), i % cameraNumbers]
        const value = k < 4 ? clip.cameraPath[t * 4 + k]! : clip.travel[t * 3 + k - 4]!
        return [2, 3, 6].includes(k) ? value : value / side
      })
      const result = await executable.run({
        path: hostTensor(path, [1, T, cameraNumbers]),
        nearness: hostTensor(clip.nearness, [1, 1, H / 8, W / 8]),
      })
      const found = result.flow!.data as Float32Array
      const cells = (H / 8) * (W / 8)
      clip.backgroundFlowValid.forEach((valid, i) => {
        if (!valid) return
        const [t, cell] = [Math.floor(i / cells), i % cells]
        const [x, y] = [clip.backgroundFlow[i * 2]!, clip.backgroundFlow[i * 2 + 1]!]
        all.push(Math.hypot(x, y))
        off.push(Math.hypot(found[t * 2 * cells + cell]! - x, found[(t * 2 + 1) * cells + cell]! - y))
      })
    }
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length
    expect(mean(off) / mean(all)).toBeLessThan(0.2)
  })
})
