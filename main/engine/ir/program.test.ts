import { describe, expect, it } from 'vitest'
import * as ir from '.'

const count = (p: ir.Program, op: string): number => p.nodes.filter((t) => t.op === op).length

describe('program', () => {
  const x = ir.input('x', [2, 3])
  const w = ir.input('w', [3, 4])

  it('finds its inputs by walking', () => {
    const p = ir.program('p', { y: ir.matmul(ir.relu(x), w) })
    expect(p.inputs.map((t) => t.name)).toEqual(['x', 'w'])
  })

  it('refuses two different inputs of one name', () => {
    const other = ir.input('x', [2, 3])
    expect(() => ir.program('p', { y: ir.add(x, other) })).toThrow('program p: two different inputs are called x')
  })

  it('computes equal things once', () => {
    const twice = ir.add(ir.exp(ir.mul(x, 2)), ir.exp(ir.mul(x, 2)))
    expect(count(ir.program('p', { y: twice }), 'exp')).toBe(1)
  })

  it('shares the forward pass with the backward pass', () => {
    const loss = ir.sum(ir.sigmoid(ir.matmul(x, w)))
    const p = ir.program('p', { loss, gradient: ir.grad(loss, [w])[0]! })
    expect(count(p, 'sigmoid')).toBe(1)
    expect(count(p, 'matmul')).toBe(2)
  })

  it('folds trivial work away', () => {
    expect(ir.add(ir.mul(x, 1), 0)).toBe(x)
    expect(ir.transpose(ir.transpose(x, [1, 0]), [1, 0])).toBe(x)
    expect(ir.reshape(ir.reshape(x, [6]), [2, -1])).toBe(x)
    expect(count(ir.program('p', { y: ir.mul(ir.mul(x, 2), 3) }), 'mul')).toBe(1)
    expect(count(ir.program('p', { y: ir.add(ir.zeros([2, 3]), x) }), 'expand')).toBe(0)
  })

  it('handles deep and wide graphs without recursion', () => {
    let y = x
    for (let i = 0; i < 5000; i++) y = ir.tanh(ir.add(y, x))
    const started = performance.now()
    const p = ir.program('deep', { g: ir.grad(ir.sum(y), [x])[0]! })
    expect(p.nodes.length).toBeGreaterThan(20_000)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

describe('grad', () => {
  const x = ir.input('x', [2, 6])

  it('is zero for what the loss does not depend on, and stops where told', () => {
    const unused = ir.input('u', [3])
    const [a, b] = ir.grad(ir.sum(ir.stopGradient(x)), [x, unused])
    for (const g of [a!, b!]) expect(ir.program('p', { g }).inputs).toEqual([])
    expect([a!.shape, b!.shape]).toEqual([x.shape, unused.shape])
  })

  it('joins the gradients of slices by one concatenation', () => {
    const [a, b, c] = ir.split(x, [1, 2, 3], 1) as [ir.Tensor, ir.Tensor, ir.Tensor]
    const loss = ir.add(ir.add(ir.sum(ir.exp(a)), ir.sum(ir.sin(b))), ir.sum(ir.tanh(c)))
    const p = ir.program('p', { g: ir.grad(loss, [x])[0]! })
    expect([count(p, 'concat'), count(p, 'pad')]).toEqual([1, 0])
  })

  it('needs a scalar loss', () => {
    expect(() => ir.grad(x, [x])).toThrow('grad: the loss must be one float, got float32 [2,6]')
  })
})

describe('errors name the operation and the shapes', () => {
  const a = ir.input('a', [2, 3])
  const b = ir.input('b', [4, 5])
  const i = ir.input('i', [2], 'int64')
  it.each<[() => unknown, string]>([
    [() => ir.matmul(a, b), 'matmul: [2,3] x [4,5]: inner dimensions 3 and 4 differ'],
    [() => ir.add(a, b), 'add: shapes [2,3] and [4,5] do not broadcast: 2 and 4 differ'],
    [() => ir.add(a, i), 'add: float32 [2,3] and int64 [2] differ in type; cast one'],
    [() => ir.reshape(a, [4, -1]), 'reshape: [2,3] cannot become [4,-1]'],
    [() => ir.slice(a, 1, 3, 5), 'slice: 3:5:1 along axis 1 of [2,3] is empty or outside'],
    [() => ir.concat([a, b], 0), 'concat: float32 [2,3], float32 [4,5] do not join along axis 0'],
    [() => ir.softmax(a, 2), 'softmax: axis 2 is outside a tensor of rank 2'],
    [() => ir.exp(i), 'exp: needs floating-point numbers, got int64 [2]'],
    [() => ir.where(a, a, a), 'where: the condition [2,3] is float32, not bool'],
    [() => ir.gather(a, a, 0), 'gather: indices [2,3] are float32, not int64'],
    [
      () => ir.layerNorm(a, ir.input('w', [2]), null),
      'layerNorm: weight or bias [2] does not fit the last axis of x [2,3]',
    ],
    [() => ir.conv2d(a, b), 'conv2d: x [2,3] and weight [4,5] must both have rank 4'],
    [
      () => ir.conv2d(ir.input('x', [1, 3, 4, 4]), ir.input('w', [8, 4, 3, 3])),
      'conv2d: x [1,3,4,4], weight [8,4,3,3], groups 1: channels do not fit',
    ],
    [() => ir.expand(a, [2, 4]), 'expand: shapes [2,3] and [2,4] do not broadcast: 3 and 4 differ'],
    [() => ir.split(a, [1, 1], 1), 'split: sizes [1,1] add to 2, axis 1 of [2,3] has 3'],
    [() => ir.input('x', [2, 0]), 'input x: bad shape [2,0]'],
    [() => ir.hostTensor([1, 2], [3]), 'hostTensor: 2 values do not fill the shape [3]'],
  ])('%#', (make, message) => {
    expect(make).toThrow(message)
  })
})
