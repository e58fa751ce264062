// What the camera's losses ask for where the same poses were seen with two cameras.
import { describe, expect, it } from 'vitest'
import { compile } from '../backends/onnx'
import { constant, program } from '../ir'
import type { Tensor } from '../ir'
import { miniConfig } from '../models/animate-anywhere'
import { flowError, unlikeness } from './losses'
import { objective } from './objective'

/** The loss of a place that is taken `guess` pixels to the right in every frame where it went to `truths[clip]`. */
async function lossOf(loss: typeof flowError, guess: number, truths: readonly number[]): Promise<number> {
  const shape = [truths.length, 2, 2, 2, 3]
  const flow = (pixels: (clip: number) => number): Tensor =>
    constant(
      Float32Array.from({ length: truths.length * 24 }, (_, i) => (i % 12 < 6 ? pixels(Math.floor(i / 24)) : 0)),
      shape,
    )
  const valid = constant(new Float32Array(truths.length * 12).fill(1), [truths.length, 2, 1, 2, 3])
  const judged = loss(
    flow(() => guess),
    flow((clip) => truths[clip]!),
    valid,
  )
  const executable = await compile(program('loss', { loss: judged }))
  const { loss: value } = await executable.run({})
  await executable.dispose()
  return (value!.data as Float32Array)[0]!
}

describe('a camera that stands twice and pans by 6 px once', () => {
  const cameras = [0, 0, 6]

  it('is best guessed by standing, as far as likeness goes', async () => {
    const [stands, mean, pans] = await Promise.all([0, 2, 6].map((guess) => lossOf(unlikeness, guess, cameras)))
    expect(stands).toBeLessThan(mean!)
    expect(stands).toBeLessThan(pans!)
  })

  it('and by moving a little, as far as pixels of flow go', async () => {
    const [stands, little] = await Promise.all([0, 2].map((guess) => lossOf(flowError, guess, cameras)))
    expect(little).toBeLessThan(stands!)
  })
})

it('nothing is unlike itself', async () => {
  expect(await lossOf(unlikeness, 3, [3])).toBe(0)
})

it('likeness counts where it is asked for', () => {
  const shape = { batch: 1, frames: 3, width: 32, height: 32, composed: 1 }
  const losses = (likeness: number) => objective(miniConfig, 'poses', shape, { likeness }).losses
  expect(losses(0)).not.toContain('unlike')
  expect(losses(1)).toContain('unlike')
})
