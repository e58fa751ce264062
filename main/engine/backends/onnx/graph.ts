// Lowers a program to an ONNX graph: each node by the rule of its record, constants and weights as initializers, dead nodes dropped.
import { createHash } from 'node:crypto'
import type { DType, EmitOptions, Emitter, HostTensor, OnnxAttr, Program, Tensor } from '../../ir'
import { elementType, hostTensor, portable, recordOf, sameShape, showShape } from '../../ir'
import { encodeModel } from './schema'
import type { AttributeMessage, NodeMessage, TensorMessage, ValueMessage } from './schema'

/** Where a weight lies in a file (a safetensors file, say): it is mapped by the runtime and never passes through JavaScript. */
export interface ExternalWeight {
  readonly path: string
  readonly offset: number
  readonly length: number
  /** Type in the file, when it is not the input's own: it is converted in the graph. */
  readonly dtype?: DType
}

export type Initializer = HostTensor | ExternalWeight

export interface LowerOptions {
  readonly target: Emitter['target']
  /** Default: on the processor. */
  readonly fusedAttention?: boolean
  readonly initializers: Readonly<Record<string, Initializer>>
  /** Folder that the paths of external weights are written relative to. */
  readonly relative: (path: string) => string
}

function attribute(name: string, value: OnnxAttr): AttributeMessage {
  if (typeof value === 'number') return { name, type: 2, i: value }
  if (typeof value === 'string') return { name, type: 3, s: new TextEncoder().encode(value) }
  return 'float' in value ? { name, type: 1, f: value.float } : { name, type: 7, ints: value }
}

const valueInfo = (name: string, dtype: DType, shape: readonly number[]): ValueMessage => ({
  name,
  type: { tensor_type: { elem_type: elementType[dtype], shape: { dim: shape.map((dim_value) => ({ dim_value })) } } },
})

const isExternal = (initializer: Initializer): initializer is ExternalWeight => 'path' in initializer

class GraphWriter implements Emitter {
  readonly nodes: NodeMessage[] = []
  readonly initializers = new Map<string, TensorMessage>()
  private readonly values = new Map<Tensor, readonly string[]>()
  private readonly savedOutputs = new Map<Tensor, Set<number>>()
  private readonly constants = new Map<string, string>()
  private count = 0

  constructor(
    readonly target: Emitter['target'],
    readonly fusedAttention: boolean,
    program: Program,
  ) {
    for (const t of program.nodes) {
      if (t.op !== 'saved') continue
      const source = t.inputs[0]!
      this.savedOutputs.set(source, (this.savedOutputs.get(source) ?? new Set()).add(t.attrs.index as number))
    }
  }

  define(tensor: Tensor, names: string | readonly string[]): void {
    this.values.set(tensor, typeof names === 'string' ? [names] : names)
  }

  value(tensor: Tensor, output = 0): string {
    const name = this.values.get(tensor)?.[output]
    if (name === undefined)
      throw new Error(`lowering: ${tensor.op} ${showShape(tensor.shape)} has no value ${output} yet`)
    return name
  }

  wanted(tensor: Tensor, output: number): boolean {
    return this.savedOutputs.get(tensor)?.has(output) ?? false
  }

  emit(type: string, inputs: readonly string[], options: EmitOptions = {}): string {
    return this.emitMany(type, inputs, 1, options)[0]!
  }

  emitMany(
    type: string,
    inputs: readonly string[],
    outputs: number,
    { attrs = {}, domain }: EmitOptions = {},
  ): string[] {
    const id = this.count++
    const output = Array.from({ length: outputs }, (_, i) => `%${id}${i > 0 ? `.${i}` : ''}`)
    const attributes = Object.entries(attrs).map(([name, value]) => attribute(name, value))
    this.nodes.push({
      input: [...inputs],
      output,
      name: `${type}_${id}`,
      op_type: type,
      attribute: attributes,
      ...(domain ? { domain } : {}),
    })
    return output
  }

  ints(values: readonly number[]): string {
    return this.constant(hostTensor(values, [values.length], 'int64'))
  }

  scalar(value: number, dtype: DType): string {
    if (dtype !== 'float16' && dtype !== 'bfloat16') return this.constant(hostTensor([value], [], dtype))
    return this.emit('Cast', [this.scalar(value, 'float32')], { attrs: { to: elementType[dtype] } })
  }

  constant(host: HostTensor): string {
    const bytes = new Uint8Array(host.data.buffer, host.data.byteOffset, host.data.byteLength)
    const key = `${host.dtype} ${showShape(host.shape)} ${createHash('sha1').update(bytes).digest('hex')}`
    const known = this.constants.get(key)
    if (known) return known
    const name = `%c${this.count++}`
    this.constants.set(key, name)
    this.initialise(name, host)
    return name
  }

  initialise(name: string, { dtype, shape, data }: HostTensor): void {
    const raw_data = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    this.initializers.set(name, { name, dims: shape, data_type: elementType[dtype], raw_data })
  }

  /** A weight baked into the graph, converted to the input's type when the file has another. */
  weight(input: Tensor, initializer: Initializer, relative: (path: string) => string): string {
    const dtype = initializer.dtype ?? input.dtype
    const name = dtype === input.dtype ? input.name! : `${input.name!} as ${dtype}`
    if (isExternal(initializer)) {
      const { path, offset, length } = initializer
      const place = { location: relative(path), offset: String(offset), length: String(length) }
      const external_data = Object.entries(place).map(([key, value]) => ({ key, value }))
      this.initializers.set(name, {
        name,
        dims: input.shape,
        data_type: elementType[dtype],
        data_location: 1,
        external_data,
      })
    } else {
      if (!sameShape(initializer.shape, input.shape)) {
        throw new Error(
          `weight ${input.name!}: ${showShape(initializer.shape)} given, the program needs ${showShape(input.shape)}`,
        )
      }
      this.initialise(name, initializer)
    }
    return dtype === input.dtype ? name : this.emit('Cast', [name], { attrs: { to: elementType[input.dtype] } })
  }
}

/** Name of a program output in the graph: inputs and outputs of a program may share names (a weight and its gradient), values of a graph may not. */
export const outputName = (name: string): string => `${name} out`

/** Nodes that no output needs are left out, and each output value is given the caller's name. */
function finish(writer: GraphWriter, program: Program): NodeMessage[] {
  const rename = new Map<string, string>()
  const produced = new Set(writer.nodes.flatMap((node) => node.output))
  const wanted = Object.entries(program.outputs).map(([name, t]) => [outputName(name), t] as const)
  for (const [name, t] of wanted) {
    const value = writer.value(t)
    if (produced.has(value) && !rename.has(value)) rename.set(value, name)
    else
      writer.nodes.push({ input: [value], output: [name], name: `output ${name}`, op_type: 'Identity', attribute: [] })
  }
  const called = (value: string): string => rename.get(value) ?? value
  const live = new Set(wanted.map(([name]) => name))
  const kept: NodeMessage[] = []
  for (const node of writer.nodes.reverse()) {
    const output = node.output.map(called)
    if (!output.some((value) => live.has(value))) continue
    const input = node.input.map(called)
    input.forEach((value) => live.add(value))
    kept.push({ ...node, input, output })
  }
  for (const name of writer.initializers.keys()) if (!live.has(name)) writer.initializers.delete(name)
  return kept.reverse()
}

/** The program as the bytes of an ONNX model. Inputs found in `initializers` are baked in, the rest are fed at run time. */
export function lowerProgram(written: Program, options: LowerOptions): Uint8Array {
  const { target, fusedAttention = target === 'cpu', initializers, relative } = options
  const program = target === 'portable' ? portable(written) : written
  const writer = new GraphWriter(target, fusedAttention, program)
  const fed: Tensor[] = []
  for (const t of program.nodes) {
    const initializer = t.op === 'input' ? initializers[t.name!] : undefined
    if (initializer) {
      writer.define(t, writer.weight(t, initializer, relative))
      continue
    }
    if (t.op === 'input') fed.push(t)
    writer.define(t, recordOf(t.op).lower(writer, t))
  }
  const node = finish(writer, program)
  return encodeModel({
    name: program.name,
    node,
    initializer: [...writer.initializers.values()],
    input: fed.map((t) => valueInfo(t.name!, t.dtype, t.shape)),
    output: Object.entries(program.outputs).map(([name, t]) => valueInfo(outputName(name), t.dtype, t.shape)),
  })
}
