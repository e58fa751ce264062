// The memory plan counts what is alive: weights of the part that runs, what waits for later parts, what a part works with.
import { describe, expect, it } from 'vitest'
import { add, input, matmul, program, segment } from '../../ir'
import type { Program, Tensor } from '../../ir'
import type { ExternalWeight } from './graph'
import { memoryPlan, showMemory } from './memory-plan'

const side = 256
/** Bytes of one matrix of float32. */
const one = side * side * 4

/** x W0 W1 ..., a segment each, and x added at the end: x waits all the time. */
function chain(length: number): Program {
  const x = input('x', [side, side])
  let y: Tensor = x
  for (let i = 0; i < length; i++) y = segment(() => matmul(y, input(`w${i}`, [side, side])))
  return program('chain', { y: add(y, x) })
}

/** Weights in a file, as bfloat16. */
const inFile = (length: number): Record<string, ExternalWeight> =>
  Object.fromEntries(
    Array.from({ length }, (_, i) => [
      `w${i}`,
      { path: 'weights.safetensors', offset: i * (one / 2), length: one / 2, dtype: 'bfloat16' as const },
    ]),
  )

describe('the memory plan', () => {
  it('holds one weight at a time where none may stay, and reads all of them in each step', () => {
    const plan = memoryPlan(chain(8), inFile(8), 0)
    expect(plan).toMatchObject({ resident: 0, streamed: one, waiting: 2 * one, working: one, readPerStep: 4 * one })
  })

  it('keeps as many as may stay', () => {
    expect(memoryPlan(chain(8), inFile(8), 3.5 * one)).toMatchObject({ resident: 3 * one, readPerStep: 2.5 * one })
    expect(memoryPlan(chain(8), inFile(8), 8 * one)).toMatchObject({ resident: 8 * one, streamed: 0, readPerStep: 0 })
  })

  it('does not grow with depth when weights are read from the disk', () => {
    expect(memoryPlan(chain(40), inFile(40), 0).needs).toBe(memoryPlan(chain(8), inFile(8), 0).needs)
  })

  it('is told in a line', () => {
    expect(showMemory({ needs: 9.8e9, has: 24e9, readPerStep: 0 })).toBe('needs 9.8 GB, have 24.0 GB')
    expect(showMemory({ needs: 26.5e9, has: 24e9, readPerStep: 14.3e9 })).toBe(
      'needs 26.5 GB, have 24.0 GB (does not fit), reads 14.3 GB from the disk in each step',
    )
  })
})
