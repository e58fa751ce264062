// Attention and rotary position embedding.
import {
  add,
  concat,
  matmul,
  mul,
  neg,
  ones,
  rotaryInterleaved,
  saved,
  slice,
  sub,
  sum,
  sumTo,
  transposeLast,
} from '../functions'
import { defineOp } from '../record'
import { sameShape, showShape, sizeOf } from '../tensor'
import type { Emitter } from '../emitter'
import type { Tensor } from '../types'

const four = (x: Tensor): [number, number, number, number] => x.shape as unknown as [number, number, number, number]

/** The explicit form, which keeps the probabilities. */
function lowerExplicit(emitter: Emitter, out: Tensor): string[] {
  const [q, k, v] = out.inputs.map((x) => emitter.value(x)) as [string, string, string]
  const scaled = emitter.emit('Mul', [q, emitter.scalar(out.attrs.scale as number, out.dtype)])
  const scores = emitter.emit('MatMul', [scaled, emitter.emit('Transpose', [k], { attrs: { perm: [0, 1, 3, 2] } })])
  const probabilities = emitter.emit('Softmax', [scores], { attrs: { axis: -1 } })
  return [emitter.emit('MatMul', [probabilities, v]), probabilities]
}

/** onnxruntime's fused form: no N x M tensor is ever made. It wants tokens before heads; the transposes cancel with the caller's. */
function lowerFused(emitter: Emitter, out: Tensor): string {
  const [b, h, n, e] = four(out)
  const tokens = out.inputs.map((x) => {
    const [, , count, width] = four(x)
    const swapped = emitter.emit('Transpose', [emitter.value(x)], { attrs: { perm: [0, 2, 1, 3] } })
    return emitter.emit('Reshape', [swapped, emitter.ints([b, count, h * width])])
  })
  const attrs = { num_heads: h, scale: { float: out.attrs.scale as number } }
  const joined = emitter.emit('MultiHeadAttention', tokens, { attrs, domain: 'com.microsoft' })
  return emitter.emit('Transpose', [emitter.emit('Reshape', [joined, emitter.ints([b, n, h, e])])], {
    attrs: { perm: [0, 2, 1, 3] },
  })
}

// Saves the probabilities P [B,H,N,M] when a gradient asks for them.
defineOp({
  name: 'attention',
  shape: ([q, k, v]) => {
    const shapes = `q ${showShape(q!.shape)}, k ${showShape(k!.shape)}, v ${showShape(v!.shape)}`
    if ([q, k, v].some((x) => x!.shape.length !== 4))
      throw new Error(`scaledDotProductAttention: ${shapes}: all need [B,H,N,D]`)
    const fits =
      [k, v].every((x) => x!.shape[0] === q!.shape[0] && x!.shape[1] === q!.shape[1]) &&
      k!.shape[2] === v!.shape[2] &&
      k!.shape[3] === q!.shape[3]
    if (!fits) throw new Error(`scaledDotProductAttention: ${shapes}: batch, heads, key length or width differ`)
    return { shape: [...q!.shape.slice(0, 3), v!.shape[3]!], dtype: q!.dtype }
  },
  // With D = rowsum(g o out): dS = P o (g v^T - D); the subtraction rides in the product as one more column. Products with P^T are
  // written as (g^T P)^T, so that only narrow tensors are transposed.
  gradient: ({ inputs, out, g, needs }) => {
    const [q, k, v] = inputs as [Tensor, Tensor, Tensor]
    const [b, h, n] = four(q)
    const scale = out.attrs.scale as number
    const p = saved(out, 1, [b, h, n, four(k)[2]], out.dtype)
    const gv = needs[2] ? transposeLast(matmul(transposeLast(g), p)) : undefined
    if (!needs[0] && !needs[1]) return [undefined, undefined, gv]
    const wide = concat([g, neg(sum(mul(g, out), -1, true))], -1)
    const values = concat([v, ones([...v.shape.slice(0, 3), 1], v.dtype)], -1)
    const ds = mul(p, matmul(wide, transposeLast(values)))
    const gq = needs[0] ? matmul(ds, mul(k, scale)) : undefined
    const gk = needs[1] ? transposeLast(matmul(transposeLast(mul(q, scale)), ds)) : undefined
    return [gq, gk, gv]
  },
  lower: (emitter, out) => (emitter.wanted(out, 1) ? lowerExplicit(emitter, out) : lowerFused(emitter, out)),
  flops: (out) =>
    2 * sizeOf(out.shape.slice(0, 3)) * four(out.inputs[1]!)[2] * (four(out.inputs[0]!)[3] + four(out)[3]),
  samples: [
    { inputs: [{ shape: [2, 2, 3, 8] }, { shape: [2, 2, 5, 8] }, { shape: [2, 2, 5, 8] }], attrs: { scale: 0.35 } },
  ],
})

/** Even and odd elements of the last axis. */
const pairs = (x: Tensor): [Tensor, Tensor] => [slice(x, -1, 0, Infinity, 2), slice(x, -1, 1, Infinity, 2)]

// The gradient for x is the rotation backwards.
defineOp({
  name: 'rotary',
  shape: ([x, cos, sin]) => {
    const table = [x!.shape.at(-2), x!.shape.at(-1)! / 2]
    if (!sameShape(cos!.shape, table as number[]) || !sameShape(sin!.shape, cos!.shape)) {
      throw new Error(
        `rotaryInterleaved: x ${showShape(x!.shape)} needs tables [N,D/2], got cos ${showShape(cos!.shape)} and sin ${showShape(sin!.shape)}`,
      )
    }
    return { shape: x!.shape, dtype: x!.dtype }
  },
  gradient: ({ inputs, g, needs }) => {
    const [x, cos, sin] = inputs as [Tensor, Tensor, Tensor]
    const gx = needs[0] ? rotaryInterleaved(g, cos, neg(sin)) : undefined
    if (!needs[1] && !needs[2]) return [gx]
    const [x1, x2] = pairs(x)
    const [g1, g2] = pairs(g)
    return [gx, sumTo(add(mul(g1, x1), mul(g2, x2)), cos.shape), sumTo(sub(mul(g2, x1), mul(g1, x2)), sin.shape)]
  },
  lower: (emitter, out) => {
    const [n, width] = out.shape.slice(-2) as [number, number]
    const heads = sizeOf(out.shape) / (n * width)
    const [x, cos, sin] = out.inputs.map((t, i) =>
      emitter.emit('Reshape', [emitter.value(t), emitter.ints(i === 0 ? [1, heads, n, width] : [1, n, width / 2])]),
    )
    const turned = emitter.emit('RotaryEmbedding', [x!, cos!, sin!], { attrs: { interleaved: 1 } })
    return emitter.emit('Reshape', [turned, emitter.ints(out.shape)])
  },
  samples: [{ inputs: [{ shape: [2, 3, 4, 8] }, { shape: [4, 4] }, { shape: [4, 4] }] }],
})
