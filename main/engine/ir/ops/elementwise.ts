// Functions of one tensor, element by element.
import {
  add,
  cast,
  clamp,
  cos,
  div,
  erf,
  exp,
  floor,
  greater,
  less,
  logicalAnd,
  logicalNot,
  mul,
  neg,
  pow,
  saved,
  sigmoid,
  sign,
  sin,
  sub,
  sumTo,
  where,
} from '../functions'
import type { Operand } from '../functions'
import { elementType } from '../emitter'
import { defineOp } from '../record'
import type { SampleInput } from '../record'
import { broadcastShapes, floatLike, isFloat, sameShape, showShape } from '../tensor'
import type { DType, Tensor } from '../types'

/** A function with one ONNX node of the same shape; `slope` is dy/dx given x and y. */
function unary(
  name: string,
  onnx: string,
  slope: ((x: Tensor, y: Tensor) => Tensor) | 'none',
  sample: Partial<SampleInput> = {},
): void {
  defineOp({
    name,
    shape: ([x]) => floatLike(name, x!),
    gradient: slope === 'none' ? 'none' : ({ out, inputs, g }) => [mul(g, slope(inputs[0]!, out))],
    lower: (emitter, out) => emitter.emit(onnx, [emitter.value(out.inputs[0]!)]),
    samples: [{ inputs: [{ shape: [3, 4], ...sample }] }],
  })
}

unary('exp', 'Exp', (_x, y) => y)
unary('log', 'Log', (x) => div(1, x), { range: [0.3, 2] })
unary('sqrt', 'Sqrt', (_x, y) => div(0.5, y), { range: [0.3, 2] })
unary('abs', 'Abs', (x) => sign(x), { avoid: [0] })
unary('erf', 'Erf', (x) => mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI)))
unary('floor', 'Floor', 'none', { range: [-3, 3] })
unary('sigmoid', 'Sigmoid', (_x, y) => mul(y, sub(1, y)))
unary('tanh', 'Tanh', (_x, y) => sub(1, mul(y, y)))

defineOp({
  name: 'sign',
  shape: ([x]) => floatLike('sign', x!),
  gradient: 'none',
  lower: (emitter, out) => emitter.emit('Sign', [emitter.value(out.inputs[0]!)]),
  portable: ({ inputs: [x], dtype }) => sub(cast(greater(x!, 0), dtype), cast(less(x!, 0), dtype)),
  samples: [{ inputs: [{ shape: [3, 4] }] }],
})

/** pi in two parts: the first has so few bits that small multiples of it are exact in float32. */
const piHigh = 3.140625
const piLow = Math.PI - piHigh
/** Taylor's series of sin(r) on -pi/2..pi/2, from r^11 down to r^3, cut where float32 ends. */
const sineTop = -1 / 39916800
const sineSeries = [1 / 362880, -1 / 5040, 1 / 120, -1 / 6]

/** sin(x + turn * pi/2) by products and sums. Absolute error below 3e-7 for |x| up to a hundred turns; device sines promise less. */
function sine(x: Tensor, turn: 0 | 1): Tensor {
  const count = floor(add(mul(x, 1 / Math.PI), 0.5 + turn / 2))
  const halves = sub(count, turn / 2)
  const rest = sub(sub(x, mul(halves, piHigh)), mul(halves, piLow))
  const square = mul(rest, rest)
  const series = sineSeries.reduce<Operand>((sum, factor) => add(mul(sum, square), factor), sineTop)
  const wave = add(rest, mul(mul(rest, square), series))
  const odd = sub(count, mul(floor(mul(count, 0.5)), 2))
  return mul(wave, sub(1, mul(odd, 2)))
}

defineOp({
  name: 'sin',
  shape: ([x]) => floatLike('sin', x!),
  gradient: ({ inputs: [x], g }) => [mul(g, cos(x!))],
  lower: (emitter, out) => emitter.emit('Sin', [emitter.value(out.inputs[0]!)]),
  portable: ({ inputs: [x] }) => sine(x!, 0),
  samples: [{ inputs: [{ shape: [3, 4] }] }, { inputs: [{ shape: [40], range: [-9, 9] }] }],
})

defineOp({
  name: 'cos',
  shape: ([x]) => floatLike('cos', x!),
  gradient: ({ inputs: [x], g }) => [mul(g, neg(sin(x!)))],
  lower: (emitter, out) => emitter.emit('Cos', [emitter.value(out.inputs[0]!)]),
  portable: ({ inputs: [x] }) => sine(x!, 1),
  samples: [{ inputs: [{ shape: [3, 4] }] }, { inputs: [{ shape: [40], range: [-9, 9] }] }],
})

defineOp({
  name: 'relu',
  shape: ([x]) => floatLike('relu', x!),
  gradient: ({ inputs, g }) => [where(greater(inputs[0]!, 0), g, 0)],
  lower: (emitter, out) => emitter.emit('Relu', [emitter.value(out.inputs[0]!)]),
  samples: [{ inputs: [{ shape: [3, 4], avoid: [0] }] }],
})

// silu saves s = sigmoid(x); d/dx x s = s + y (1 - s).
defineOp({
  name: 'silu',
  shape: ([x]) => floatLike('silu', x!),
  gradient: ({ out, g }) => {
    const s = saved(out, 1, out.shape, out.dtype)
    return [mul(g, add(s, mul(out, sub(1, s))))]
  },
  lower: (emitter, out) => {
    const x = emitter.value(out.inputs[0]!)
    const s = emitter.emit('Sigmoid', [x])
    return [emitter.emit('Mul', [x, s]), s]
  },
  samples: [{ inputs: [{ shape: [3, 4], range: [-3, 3] }] }],
})

const cubic = 0.044715
const tanhScale = 2 * Math.sqrt(2 / Math.PI)
/**
 * Slope of gelu. tanh form: y = x s with s = sigmoid(2u), u = sqrt(2/pi)(x + 0.044715 x^3), hence dy/dx = s (1 + (x - y) 2u').
 * erf form: Phi(x) + x phi(x).
 */
function geluSlope(x: Tensor, y: Tensor, approximate: string): Tensor {
  if (approximate === 'tanh') {
    const square = mul(x, x)
    const s = sigmoid(mul(x, add(mul(square, cubic * tanhScale), tanhScale)))
    return mul(s, add(mul(sub(x, y), add(mul(square, 3 * cubic * tanhScale), tanhScale)), 1))
  }
  const density = mul(exp(mul(mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI))
  return add(add(mul(erf(mul(x, Math.SQRT1_2)), 0.5), 0.5), mul(x, density))
}

defineOp({
  name: 'gelu',
  shape: ([x]) => floatLike('gelu', x!),
  gradient: ({ out, inputs, g }) => [mul(g, geluSlope(inputs[0]!, out, out.attrs.approximate as string))],
  lower: (emitter, out) =>
    emitter.emit('Gelu', [emitter.value(out.inputs[0]!)], { attrs: { approximate: out.attrs.approximate as string } }),
  samples: [
    { inputs: [{ shape: [3, 4], range: [-3, 3] }], attrs: { approximate: 'none' } },
    { inputs: [{ shape: [3, 4], range: [-3, 3] }], attrs: { approximate: 'tanh' } },
  ],
})

defineOp({
  name: 'hardswish',
  shape: ([x]) => floatLike('hardswish', x!),
  gradient: ({ inputs, g }) => {
    const x = inputs[0]!
    const middle = add(mul(x, 1 / 3), 0.5)
    return [mul(g, where(less(x, -3), 0, where(greater(x, 3), 1, middle)))]
  },
  lower: (emitter, out) => emitter.emit('HardSwish', [emitter.value(out.inputs[0]!)]),
  portable: ({ inputs: [x] }) => mul(x!, clamp(add(mul(x!, 1 / 6), 0.5), 0, 1)),
  samples: [{ inputs: [{ shape: [4, 5], range: [-5, 5], avoid: [-3, 3] }] }],
})

defineOp({
  name: 'prelu',
  shape: ([x, slope]) => {
    if (!sameShape(broadcastShapes('prelu', x!.shape, slope!.shape), x!.shape)) {
      throw new Error(`prelu: slope ${showShape(slope!.shape)} does not broadcast to x ${showShape(x!.shape)}`)
    }
    return floatLike('prelu', x!)
  },
  gradient: ({ inputs: [x, slope], g, needs }) => {
    const negative = less(x!, 0)
    return [
      where(negative, mul(g, slope!), g),
      needs[1] ? sumTo(where(negative, mul(g, x!), 0), slope!.shape) : undefined,
    ]
  },
  lower: (emitter, out) => emitter.emit('PRelu', [emitter.value(out.inputs[0]!), emitter.value(out.inputs[1]!)]),
  samples: [{ inputs: [{ shape: [2, 3, 4], avoid: [0] }, { shape: [3, 1] }] }],
})

defineOp({
  name: 'clamp',
  shape: ([x]) => floatLike('clamp', x!),
  gradient: ({ inputs, out, g }) => {
    const x = inputs[0]!
    const below = less(x, out.attrs.min as number)
    return [where(logicalAnd(logicalNot(below), logicalNot(greater(x, out.attrs.max as number))), g, 0)]
  },
  lower: (emitter, out) => {
    const bounds = [out.attrs.min as number, out.attrs.max as number].map((bound) =>
      Number.isFinite(bound) ? emitter.scalar(bound, out.dtype) : '',
    )
    return emitter.emit('Clip', [emitter.value(out.inputs[0]!), ...bounds])
  },
  samples: [{ inputs: [{ shape: [4, 5], avoid: [-0.5, 0.4] }], attrs: { min: -0.5, max: 0.4 } }],
})

defineOp({
  name: 'pow',
  shape: ([x]) => floatLike('pow', x!),
  gradient: ({ inputs, out, g }) => {
    const exponent = out.attrs.exponent as number
    return [mul(g, mul(pow(inputs[0]!, exponent - 1), exponent))]
  },
  lower: (emitter, out) =>
    emitter.emit('Pow', [emitter.value(out.inputs[0]!), emitter.scalar(out.attrs.exponent as number, out.dtype)]),
  samples: [
    { inputs: [{ shape: [3, 4] }], attrs: { exponent: 3 } },
    { inputs: [{ shape: [3, 4], range: [0.3, 2] }], attrs: { exponent: -1.5 } },
  ],
})

defineOp({
  name: 'cast',
  shape: ([x], attrs) => ({ shape: x!.shape, dtype: attrs.dtype as DType }),
  gradient: ({ inputs, out, g }) => [
    isFloat(inputs[0]!.dtype) && isFloat(out.dtype) ? cast(g, inputs[0]!.dtype) : undefined,
  ],
  lower: (emitter, out) =>
    emitter.emit('Cast', [emitter.value(out.inputs[0]!)], { attrs: { to: elementType[out.dtype] } }),
  samples: [
    { inputs: [{ shape: [3, 4] }], attrs: { dtype: 'float32' } },
    { inputs: [{ shape: [2], dtype: 'int64', values: [1, 2] }], attrs: { dtype: 'float32' } },
  ],
})
