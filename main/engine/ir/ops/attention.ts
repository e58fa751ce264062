// Attention and rotary position embedding.
import { add, mul, neg, rotaryInterleaved, saved, slice, sub, sumTo } from '../functions'
import { defineOp } from '../record'
import { make, sameShape, showShape, sizeOf } from '../tensor'
import type { Emitter } from '../emitter'
import type { Tensor } from '../types'

const four = (x: Tensor): [number, number, number, number] => x.shape as unknown as [number, number, number, number]

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

/** Scores in one tensor, at most: 128 MiB, what every graphics card gives in one piece. */
const mostScores = 1 << 25

/** The plain form, some of the queries at a time. */
function lowerPlain(emitter: Emitter, out: Tensor): string {
  const [b, h, n] = four(out)
  const [q, k, v] = out.inputs.map((x) => emitter.value(x)) as [string, string, string]
  const scaled = emitter.emit('Mul', [q, emitter.scalar(out.attrs.scale as number, out.dtype)])
  const keys = emitter.emit('Transpose', [k], { attrs: { perm: [0, 1, 3, 2] } })
  const most = Math.max(1, Math.floor(mostScores / (b * h * four(out.inputs[1]!)[2])))
  const lengths = Array.from({ length: Math.ceil(n / most) }, (_, i) => Math.min(most, n - i * most))
  const parts =
    lengths.length === 1
      ? [scaled]
      : emitter.emitMany('Split', [scaled, emitter.ints(lengths)], lengths.length, { attrs: { axis: 2 } })
  const results = parts.map((rows) => {
    const p = emitter.emit('Softmax', [emitter.emit('MatMul', [rows, keys])], { attrs: { axis: -1 } })
    return emitter.emit('MatMul', [p, v])
  })
  return results.length === 1 ? results[0]! : emitter.emit('Concat', results, { attrs: { axis: 2 } })
}

// No N x M tensor is kept for the gradient, which makes the probabilities anew.
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
  gradient: ({ inputs: [q, k, v], out, g }) => {
    const all = make('attentionGradient', [q!, k!, v!, out, g], out.attrs)
    return [all, saved(all, 1, k!.shape, k!.dtype), saved(all, 2, v!.shape, v!.dtype)]
  },
  lower: (emitter, out) => (emitter.fusedAttention ? lowerFused(emitter, out) : lowerPlain(emitter, out)),
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
