// A parsed .tflite graph turned into a program of our own IR. TensorFlow keeps images as NHWC, the IR as NCHW: every four-dimensional
// value is held transposed from the input to the output, and only reshapes go back to the file's order. Constants become plain float32 weights.
import { UserError, reason } from '../../media/errors'
import * as ir from '../ir'
import type { Program, Tensor } from '../ir'
import type { TfliteModel, TfliteOperator, TfliteTensor } from './tflite'
import { constantValues } from './tflite-constants'

/** The values of a constant in the file's own order. */
interface Constant {
  shape: readonly number[]
  values: Float32Array | Int32Array
}

/**
 * The graph as a program. Its inputs and outputs have the file's own shapes (NHWC), outputs are named `outputNames` in the file's order, or as in the file.
 * @throws UserError naming the operator when the graph uses one that is not known here, or an option of it that is not.
 */
export function importTflite(model: TfliteModel, outputNames?: readonly string[]): Program {
  return new Importer(model).program(outputNames)
}

const toNchw = (x: Tensor): Tensor => (x.shape.length === 4 ? ir.transpose(x, [0, 3, 1, 2]) : x)
const toNhwc = (x: Tensor): Tensor => (x.shape.length === 4 ? ir.transpose(x, [0, 2, 3, 1]) : x)

/** Where axis `axis` of a value of `rank` dimensions lies in our order. */
const axisOf = (axis: number, rank: number): number => {
  const positive = axis < 0 ? axis + rank : axis
  return rank === 4 ? [0, 2, 3, 1][positive]! : positive
}

class Importer {
  private readonly values = new Map<number, Tensor>()
  private readonly constants = new Map<number, Constant>()
  private operator!: TfliteOperator

  constructor(private readonly model: TfliteModel) {}

  program(outputNames?: readonly string[]): Program {
    const { model } = this
    for (const index of model.inputs) {
      const { name, shape } = this.tensor(index)
      this.values.set(index, toNchw(ir.input(name, shape)))
    }
    for (const operator of model.operators) {
      this.operator = operator
      const rule = RULES[operator.code]
      if (!rule) this.fail('is not supported')
      const result = this.guarded(() => rule(this, operator.options))
      const expected = this.tensor(operator.outputs[0] ?? this.fail('has no output')).shape
      if (!result) continue
      const activated = this.activate(result)
      const shape = toNhwcShape(activated.shape)
      if (shape.join() !== expected.join()) this.fail(`gives [${shape}], the file says [${expected}]`)
      this.values.set(operator.outputs[0]!, activated)
    }
    const outputs = model.outputs.map((index, i) => {
      const value = this.values.get(index)
      if (!value) throw new UserError(`${model.name}: output ${this.tensor(index).name} is computed by no operator`)
      return [outputNames?.[i] ?? this.tensor(index).name, toNhwc(value)] as const
    })
    return ir.program(model.name, Object.fromEntries(outputs))
  }

  fail(what: string): never {
    throw new UserError(
      `${this.model.name}: operator ${this.operator.code} for ${this.tensor(this.operator.outputs[0] ?? 0).name} ${what}`,
    )
  }

  /** The IR's own complaints (shapes that do not fit) come from the file too. */
  private guarded<T>(build: () => T): T {
    try {
      return build()
    } catch (error) {
      if (error instanceof UserError) throw error
      return this.fail(`does not fit its operands: ${reason(error)}`)
    }
  }

  private tensor(index: number): TfliteTensor {
    return this.model.tensors[index]!
  }

  /** The operator's input `i` as a value in our order; constants become weights. A constant with fewer dimensions is widened for broadcasting. */
  value(i: number, rank?: number): Tensor {
    const index = this.operator.inputs[i] ?? -1
    if (index < 0) this.fail(`lacks input ${i}`)
    const known = this.values.get(index)
    if (known) return known
    const { values, shape } = this.constant(i)
    const full = [...Array.from({ length: Math.max(0, (rank ?? 0) - shape.length) }, () => 1), ...shape]
    return toNchw(ir.constant(Float32Array.from(values), full))
  }

  /** The operator's input `i`, which must be a constant. */
  constant(i: number): Constant {
    const index = this.operator.inputs[i] ?? -1
    if (index < 0) this.fail(`lacks input ${i}`)
    const folded = this.constants.get(index)
    if (folded) return folded
    const tensor = this.tensor(index)
    if (!tensor.data) this.fail(`needs input ${tensor.name} to be a constant`)
    const constant = { shape: tensor.shape, values: constantValues(tensor) }
    this.constants.set(index, constant)
    return constant
  }

  /** DEQUANTIZE and DENSIFY of constants: the values were widened when read. */
  fold(): undefined {
    this.constants.set(this.operator.outputs[0]!, this.constant(0))
    return undefined
  }

  /** The bias at input `i`, if there is one. */
  bias(i: number): Tensor | undefined {
    return (this.operator.inputs[i] ?? -1) < 0 ? undefined : ir.constant(this.floats(i), this.constant(i).shape)
  }

  /** A constant's values with axes moved: result axis k is the constant's axis `perm[k]`. */
  weight(i: number, perm: readonly number[]): Tensor {
    const { shape } = this.constant(i)
    if (shape.length !== perm.length) this.fail(`has weights of shape [${shape}]`)
    return ir.constant(
      permute(this.floats(i), shape, perm),
      perm.map((axis) => shape[axis]!),
    )
  }

  /** Whole numbers of a constant operand (shapes, axes, paddings). */
  integers(i: number): number[] {
    const { values } = this.constant(i)
    if (!(values instanceof Int32Array)) this.fail(`has an operand ${i} that is not int32`)
    return Array.from(values)
  }

  /** A custom operator's options, taken as int32. */
  customIntegers(): number[] {
    const { custom } = this.operator
    const view = new DataView(custom.buffer, custom.byteOffset, custom.byteLength)
    return Array.from({ length: custom.length >> 2 }, (_, i) => view.getInt32(4 * i, true))
  }

  /** The shape the file gives for the result. */
  resultShape(): readonly number[] {
    return this.tensor(this.operator.outputs[0]!).shape
  }

  count(): number {
    return this.operator.inputs.length
  }

  private floats(i: number): Float32Array {
    const { values } = this.constant(i)
    return values instanceof Float32Array ? values : Float32Array.from(values)
  }

  private activate(x: Tensor): Tensor {
    const activation = this.operator.options.activation ?? 0
    if (activation === 0) return x
    if (activation === 1) return ir.relu(x)
    if (activation === 3) return ir.clamp(x, 0, 6)
    return this.fail(`has fused activation ${activation}, which is not supported`)
  }
}

function toNhwcShape(shape: readonly number[]): readonly number[] {
  return shape.length === 4 ? [shape[0]!, shape[2]!, shape[3]!, shape[1]!] : shape
}

function permute(values: Float32Array, shape: readonly number[], perm: readonly number[]): Float32Array {
  const strides = shape.map((_, d) => shape.slice(d + 1).reduce((a, b) => a * b, 1))
  const [a, b, c, d] = perm.map((axis) => [shape[axis]!, strides[axis]!] as const) as [
    [number, number],
    [number, number],
    [number, number],
    [number, number],
  ]
  const out = new Float32Array(values.length)
  let next = 0
  for (let i = 0; i < a[0]; i++)
    for (let j = 0; j < b[0]; j++)
      for (let k = 0; k < c[0]; k++)
        for (let l = 0; l < d[0]; l++) out[next++] = values[i * a[1] + j * b[1] + k * c[1] + l * d[1]]!
  return out
}

/** TensorFlow's SAME padding as [top, left, bottom, right]: the odd pixel goes after. VALID is none. */
function padding(
  size: readonly number[],
  kernel: readonly [number, number],
  stride: readonly [number, number],
  mode: number,
): [number, number, number, number] {
  if (mode === 1) return [0, 0, 0, 0]
  const [h, w] = [0, 1].map((i) =>
    Math.max((Math.ceil(size[i]! / stride[i]!) - 1) * stride[i]! + kernel[i]! - size[i]!, 0),
  ) as [number, number]
  return [h >> 1, w >> 1, h - (h >> 1), w - (w >> 1)]
}

type Rule = (graph: Importer, options: Record<string, number>) => Tensor | undefined

const convolution =
  (depthwise: boolean): Rule =>
  (graph, o) => {
    if (o.dilationW !== 1 || o.dilationH !== 1)
      graph.fail(`has dilation ${o.dilationH}x${o.dilationW}, which is not supported`)
    const x = graph.value(0)
    const w = graph.weight(1, depthwise ? [3, 0, 1, 2] : [0, 3, 1, 2]) // depthwise [1,h,w,C] -> [C,1,h,w]; else OHWI -> OIHW
    const stride: [number, number] = [o.strideH!, o.strideW!]
    if (stride.some((s) => s < 1)) graph.fail(`has stride ${stride}`)
    const pads = padding(x.shape.slice(2), [w.shape[2]!, w.shape[3]!], stride, o.padding!)
    return ir.conv2d(x, w, graph.bias(2), { stride, padding: pads, groups: depthwise ? x.shape[1]! : 1 })
  }

const pooling =
  (pool: typeof ir.maxPool2d): Rule =>
  (graph, o) => {
    const x = graph.value(0)
    if (o.filterH !== o.filterW || o.strideH !== o.strideW || o.filterH! < 1 || o.strideH! < 1)
      graph.fail('has a window or stride that is not square')
    const pads = padding(x.shape.slice(2), [o.filterH!, o.filterW!], [o.strideH!, o.strideW!], o.padding!)
    if (pool === ir.avgPool2d && pads.some((p) => p > 0)) graph.fail('pads an average, which is not supported')
    return pool(x, o.filterH!, { stride: o.strideH!, padding: pads })
  }

const binary =
  (operation: (a: Tensor, b: Tensor) => Tensor): Rule =>
  (graph) => {
    const rank = graph.resultShape().length
    return operation(graph.value(0, rank), graph.value(1, rank))
  }

/** One rule per operator: its IR value in our order, or undefined when it folds into constants. */
const RULES: Record<string, Rule | undefined> = {
  DEQUANTIZE: (graph) => graph.fold(),
  DENSIFY: (graph) => graph.fold(),
  CONV_2D: convolution(false),
  DEPTHWISE_CONV_2D: convolution(true),
  MAX_POOL_2D: pooling(ir.maxPool2d),
  AVERAGE_POOL_2D: pooling(ir.avgPool2d),
  ADD: binary(ir.add),
  MUL: binary(ir.mul),
  RELU: (graph) => ir.relu(graph.value(0)),
  LOGISTIC: (graph) => ir.sigmoid(graph.value(0)),
  HARD_SWISH: (graph) => ir.hardswish(graph.value(0)),
  PRELU: (graph) => ir.prelu(graph.value(0), graph.value(1, graph.resultShape().length)),
  PAD: (graph) => {
    const x = graph.value(0)
    const amounts = graph.integers(1)
    const pads = x.shape.map((): [number, number] => [0, 0])
    x.shape.forEach(
      (_, axis) => (pads[axisOf(axis, x.shape.length)] = [amounts[2 * axis] ?? -1, amounts[2 * axis + 1] ?? -1]),
    )
    if (pads.flat().some((amount) => amount < 0 || amount > 4096)) graph.fail(`pads by [${amounts}]`)
    return ir.pad(x, pads)
  },
  RESIZE_BILINEAR: (graph, o) => {
    if (o.alignCorners || !o.halfPixel) graph.fail('does not use half-pixel centres, which is not supported')
    const [h, w] = graph.integers(1)
    return ir.upsample(graph.value(0), { size: [h!, w!], mode: 'bilinear' })
  },
  RESHAPE: (graph) => toNchw(ir.reshape(toNhwc(graph.value(0)), graph.resultShape())),
  CONCATENATION: (graph, o) => {
    const rank = graph.resultShape().length
    return ir.concat(
      Array.from({ length: graph.count() }, (_, i) => graph.value(i, rank)),
      axisOf(o.axis!, rank),
    )
  },
  // MediaPipe's transposed convolution with bias; its options are three int32: padding, stride across, stride down.
  'CUSTOM:Convolution2DTransposeBias': (graph) => {
    const stride = graph.customIntegers()[1] ?? 0
    const w = graph.weight(1, [3, 0, 1, 2]) // OHWI -> IOHW
    if (w.shape[2] !== stride || w.shape[3] !== stride)
      graph.fail(`has stride ${stride} and a kernel of another size, which is not supported`)
    return ir.convTranspose2d(graph.value(0), w, graph.bias(2), { stride })
  },
  // TensorFlow's depth order: block row, block column, channel ("DCR").
  DEPTH_TO_SPACE: (graph, o) => {
    const x = graph.value(0)
    const [n, c, h, w] = x.shape as readonly [number, number, number, number]
    const block = o.blockSize!
    const channels = c / block ** 2
    if (!Number.isInteger(channels)) graph.fail(`cannot split ${c} channels into blocks of ${block}`)
    return ir.reshape(ir.transpose(ir.reshape(x, [n, block, block, channels, h, w]), [0, 3, 4, 1, 5, 2]), [
      n,
      channels,
      h * block,
      w * block,
    ])
  },
  MEAN: (graph, o) => {
    const x = graph.value(0)
    const rank = x.shape.length
    const mean = ir.mean(
      x,
      graph.integers(1).map((axis) => axisOf(axis, rank)),
      true,
    )
    return o.keepDims ? mean : ir.reshape(toNhwc(mean), graph.resultShape())
  },
  FULLY_CONNECTED: (graph, o) => {
    if (o.weightsFormat) graph.fail('has shuffled weights, which is not supported')
    const w = graph.constant(1).shape
    const x = ir.reshape(toNhwc(graph.value(0)), [-1, w[1] ?? 1])
    const product = ir.matmul(x, ir.transpose(graph.value(1), [1, 0]))
    const bias = graph.bias(2)
    return toNchw(ir.reshape(bias ? ir.add(product, bias) : product, graph.resultShape()))
  },
}
