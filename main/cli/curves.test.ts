import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askedCurve, historyOf } from './curves'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'curves-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('what a curve is asked for', () => {
  it('is nothing where one model takes one number of steps', () => {
    expect(askedCurve(['mini'], [6])).toBeUndefined()
  })

  it('is one model over sampling steps, or models over the training steps in their names', () => {
    const steps = askedCurve(['mini'], [1, 4])!
    expect(steps.axis).toBe('sampling steps')
    expect(steps.asked.map(({ x, model, steps }) => [x, model, steps])).toEqual([[1, 'mini', 1], [4, 'mini', 4]]) // prettier-ignore
    const models = askedCurve(['run/joint-500.safetensors', 'run/joint-1000.safetensors'], [6])!
    expect(models.axis).toBe('training steps')
    expect(models.asked.map(({ x, name }) => [x, name])).toEqual([[500, 'joint-500'], [1000, 'joint-1000']]) // prettier-ignore
  })

  it('is one after the other where the names hold no steps, and not both at once', () => {
    const { axis, asked } = askedCurve(['mini', 'other.safetensors'], [6])!
    expect(axis).toBe('models')
    expect(asked.map(({ x }) => x)).toEqual([1, 2])
    expect(() => askedCurve(['a', 'b'], [1, 2])).toThrow(/of one or of the other/)
  })

  it('finds the history of a run in its folder, in the order of its steps', () => {
    for (const name of ['joint-2000', 'joint-500', 'joint-10000']) writeFileSync(path.join(folder, `${name}.safetensors`), '') // prettier-ignore
    writeFileSync(path.join(folder, 'notes.txt'), '')
    expect(historyOf(folder).map((file) => path.basename(file))).toEqual(['joint-500', 'joint-2000', 'joint-10000'].map((name) => `${name}.safetensors`)) // prettier-ignore
    expect(() => historyOf(path.join(folder, 'none'))).toThrow(/does not exist/)
  })
})
