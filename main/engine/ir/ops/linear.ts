// Matrix product and normalisation.
import { matmul, mean, mul, reshape, saved, sub, sumTo, transposeLast } from '../functions'
import { hostTensor } from '../host'
import { defineOp } from '../record'
import { broadcastShapes, isFloat, showShape, sizeOf } from '../tensor'
import type { Emitter } from '../emitter'
import type { Tensor } from '../types'

const rows = (x: Tensor): Tensor => reshape(x, [-1, x.shape.at(-1)!])

defineOp({
  name: 'matmul',
  shape: ([a, b]) => {
    const both = `${showShape(a!.shape)} x ${showShape(b!.shape)}`
    if (a!.shape.length < 2 || b!.shape.length < 2) throw new Error(`matmul: ${both}: both need at least two axes`)
    if (a!.dtype !== b!.dtype || !isFloat(a!.dtype))
      throw new Error(`matmul: ${both}: types ${a!.dtype} and ${b!.dtype} must be the same floating type`)
    const inner = [a!.shape.at(-1)!, b!.shape.at(-2)!]
    if (inner[0] !== inner[1]) throw new Error(`matmul: ${both}: inner dimensions ${inner[0]} and ${inner[1]} differ`)
    const lead = broadcastShapes(`matmul (leading axes of ${both})`, a!.shape.slice(0, -2), b!.shape.slice(0, -2))
    return { shape: [...lead, a!.shape.at(-2)!, b!.shape.at(-1)!], dtype: a!.dtype }
  },
  gradient: ({ inputs, g, needs }) => {
    const [a, b] = inputs as [Tensor, Tensor]
    const ga = needs[0] ? sumTo(matmul(g, transposeLast(b)), a.shape) : undefined
    if (!needs[1]) return [ga, undefined]
    if (b.shape.length > 2) return [ga, sumTo(matmul(transposeLast(a), g), b.shape)]
    // A weight shared by all leading axes: one tall product instead of many that are then added, transposing the narrower side.
    const [left, right] = [rows(a), rows(g)]
    const wide = left.shape[1]! > right.shape[1]!
    const gb = wide ? transposeLast(matmul(transposeLast(right), left)) : matmul(transposeLast(left), right)
    return [ga, gb]
  },
  lower: (emitter, out) => {
    const [a, b] = out.inputs as [Tensor, Tensor]
    if (b.op !== 'transpose' || b.shape.length > 2 || b.dtype !== 'float32')
      return emitter.emit('MatMul', [emitter.value(a), emitter.value(b)])
    // A linear layer: its weight is read as it lies.
    const flat = emitter.emit('Reshape', [emitter.value(a), emitter.ints([-1, a.shape.at(-1)!])])
    const product = emitter.emit('Gemm', [flat, emitter.value(b.inputs[0]!)], { attrs: { transB: 1 } })
    return emitter.emit('Reshape', [product, emitter.ints(out.shape)])
  },
  flops: (out) => 2 * sizeOf(out.shape) * out.inputs[0]!.shape.at(-1)!,
  samples: [
    { inputs: [{ shape: [3, 4] }, { shape: [4, 2] }] },
    { inputs: [{ shape: [2, 3, 4] }, { shape: [4, 5] }] },
    { inputs: [{ shape: [2, 1, 3, 4] }, { shape: [3, 4, 2] }] },
  ],
})

/** A constant vector of equal numbers. */
const filled = (emitter: Emitter, value: number, length: number): string =>
  emitter.constant(hostTensor(new Float32Array(length).fill(value), [length]))

/** Gradient of xhat = (x - mean) / std over the last axis: (g - mean(g) - xhat mean(g xhat)) / std. */
function normalGradient(g: Tensor, xhat: Tensor, inverse: Tensor): Tensor {
  const along = mul(mean(mul(g, xhat), -1, true), inverse)
  return sub(mul(sub(g, mean(g, -1, true)), inverse), mul(xhat, along))
}

// Saves mean and 1/std of each row.
defineOp({
  name: 'layerNorm',
  shape: ([x, weight, bias]) => {
    const width = x!.shape.at(-1)
    for (const p of [weight, bias]) {
      if (p && (p.shape.length !== 1 || p.shape[0] !== width)) {
        throw new Error(
          `layerNorm: weight or bias ${showShape(p.shape)} does not fit the last axis of x ${showShape(x!.shape)}`,
        )
      }
    }
    return { shape: x!.shape, dtype: x!.dtype }
  },
  gradient: ({ inputs: [x, weight, bias], out, g, needs }) => {
    const stats = [...x!.shape.slice(0, -1), 1]
    const inverse = saved(out, 2, stats)
    const xhat = weight ? mul(sub(x!, saved(out, 1, stats)), inverse) : out
    const gx = needs[0] ? normalGradient(weight ? mul(g, weight) : g, xhat, inverse) : undefined
    return [gx, needs[1] ? sumTo(mul(g, xhat), weight!.shape) : undefined, needs[2] ? sumTo(g, bias!.shape) : undefined]
  },
  lower: (emitter, out) => {
    const [x, weight, bias] = out.inputs
    const scale = weight ? emitter.value(weight) : filled(emitter, 1, x!.shape.at(-1)!)
    const inputs = [emitter.value(x!), scale, ...(bias ? [emitter.value(bias)] : [])]
    const outputs = emitter.wanted(out, 1) || emitter.wanted(out, 2) ? 3 : 1
    return emitter.emitMany('LayerNormalization', inputs, outputs, {
      attrs: { axis: -1, epsilon: { float: out.attrs.eps as number } },
    })
  },
  samples: [
    { inputs: [{ shape: [2, 3, 8] }, { shape: [8] }, { shape: [8] }], attrs: { eps: 1e-5 } },
    { inputs: [{ shape: [3, 8] }], attrs: { eps: 1e-5 } },
  ],
})

// Normalises only; saves 1/std of each group.
defineOp({
  name: 'groupNorm',
  shape: ([x], attrs) => {
    if (x!.shape.length < 2 || x!.shape[1]! % (attrs.groups as number) !== 0) {
      throw new Error(`groupNorm: ${String(attrs.groups)} groups do not divide the channels of ${showShape(x!.shape)}`)
    }
    return { shape: x!.shape, dtype: x!.dtype }
  },
  gradient: ({ inputs, out, g }) => {
    const x = inputs[0]!
    const grouped = [
      x.shape[0]!,
      out.attrs.groups as number,
      sizeOf(x.shape) / (x.shape[0]! * (out.attrs.groups as number)),
    ]
    const inverse = saved(out, 1, [grouped[0]!, grouped[1]!, 1])
    return [reshape(normalGradient(reshape(g, grouped), reshape(out, grouped), inverse), x.shape)]
  },
  lower: (emitter, out) => {
    const groups = out.attrs.groups as number
    const eps = out.attrs.eps as number
    const x = emitter.emit('Reshape', [emitter.value(out.inputs[0]!), emitter.ints([out.shape[0]!, groups, -1])])
    const back = (y: string): string => emitter.emit('Reshape', [y, emitter.ints(out.shape)])
    if (!emitter.wanted(out, 1)) {
      const attrs = { epsilon: { float: eps } }
      return back(
        emitter.emit('InstanceNormalization', [x, filled(emitter, 1, groups), filled(emitter, 0, groups)], { attrs }),
      )
    }
    const average = (y: string): string =>
      emitter.emit('ReduceMean', [y, emitter.ints([2])], { attrs: { keepdims: 1 } })
    const centred = emitter.emit('Sub', [x, average(x)])
    const variance = average(emitter.emit('Mul', [centred, centred]))
    const std = emitter.emit('Sqrt', [emitter.emit('Add', [variance, emitter.scalar(eps, out.dtype)])])
    const inverse = emitter.emit('Reciprocal', [std])
    return [back(emitter.emit('Mul', [centred, inverse])), inverse]
  },
  samples: [{ inputs: [{ shape: [2, 6, 2, 3] }], attrs: { groups: 3, eps: 1e-5 } }],
})
