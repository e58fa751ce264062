import { describe, expect, it } from 'vitest'
import { initialise, oneInit, Scope, zeroInit } from './scope'

describe('Scope', () => {
  it('names weights by their place in the model', () => {
    const root = new Scope()
    const weight = root.child('transformer_blocks').child(0).child('attn1.to_q').weight('weight', [4, 2], zeroInit)
    expect(weight).toMatchObject({ op: 'input', name: 'transformer_blocks.0.attn1.to_q.weight', shape: [4, 2] })
    expect([...root.specs]).toEqual([['transformer_blocks.0.attn1.to_q.weight', { shape: [4, 2], init: zeroInit }]])
    expect(root.weights.get('transformer_blocks.0.attn1.to_q.weight')).toBe(weight)
  })

  it('gives the same tensor for the same weight, and refuses another shape', () => {
    const root = new Scope()
    const weight = root.child('a').weight('w', [2], zeroInit)
    expect(root.weight('a.w', [2], oneInit)).toBe(weight)
    expect(() => root.weight('a.w', [3], zeroInit)).toThrow('Scope.weight: a.w is [2], now asked for as [3]')
  })
})

describe('initialise', () => {
  const values = (shape: number[], init: Parameters<Scope['weight']>[2], seed = 0) => {
    const root = new Scope()
    root.weight('w', shape, init)
    return initialise(root.specs, seed).w!.data as Float32Array
  }
  const deviation = (data: Float32Array) => Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length)

  it('starts weights as their spec says', () => {
    expect([...values([3], zeroInit)]).toEqual([0, 0, 0])
    expect([...values([3], oneInit)]).toEqual([1, 1, 1])
    expect([...values([6], { kind: 'parts', values: [0, 1, 0.5] })]).toEqual([0, 0, 1, 1, 0.5, 0.5])
    expect(deviation(values([100, 100], { kind: 'normal', std: 0.5 }))).toBeCloseTo(0.5, 1)
    expect(deviation(values([100, 100], { kind: 'uniform', bound: 3 }))).toBeCloseTo(Math.sqrt(3), 1)
    // Xavier: variance 2 / (in + out), a convolution's kernel counting to both.
    expect(deviation(values([60, 40, 3, 3], { kind: 'xavier' }))).toBeCloseTo(Math.sqrt(2 / 900), 3)
  })

  it('depends on seed and name only, not on the other weights', () => {
    const root = new Scope()
    root.weight('other', [5], { kind: 'normal' })
    root.weight('w', [4], { kind: 'normal' })
    expect(initialise(root.specs, 9).w!.data).toEqual(values([4], { kind: 'normal' }, 9))
    expect(values([4], { kind: 'normal' }, 9)).not.toEqual(values([4], { kind: 'normal' }, 8))
  })
})
