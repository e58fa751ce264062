// The messages of onnx.proto3 that our graphs use, as a protobufjs schema. Field numbers are ONNX's.
import protobuf from 'protobufjs/light.js'

const optional = (type: string, id: number): { type: string; id: number } => ({ type, id })
const repeated = (type: string, id: number): { rule: string; type: string; id: number } => ({
  rule: 'repeated',
  type,
  id,
})

const root = protobuf.Root.fromJSON({
  nested: {
    onnx: {
      nested: {
        Model: {
          fields: {
            ir_version: optional('int64', 1),
            producer_name: optional('string', 2),
            graph: optional('Graph', 7),
            opset_import: repeated('OperatorSet', 8),
          },
        },
        OperatorSet: { fields: { domain: optional('string', 1), version: optional('int64', 2) } },
        Graph: {
          fields: {
            node: repeated('Node', 1),
            name: optional('string', 2),
            initializer: repeated('Tensor', 5),
            input: repeated('ValueInfo', 11),
            output: repeated('ValueInfo', 12),
          },
        },
        Node: {
          fields: {
            input: repeated('string', 1),
            output: repeated('string', 2),
            name: optional('string', 3),
            op_type: optional('string', 4),
            attribute: repeated('Attribute', 5),
            domain: optional('string', 7),
          },
        },
        Attribute: {
          fields: {
            name: optional('string', 1),
            f: optional('float', 2),
            i: optional('int64', 3),
            s: optional('bytes', 4),
            ints: repeated('int64', 8),
            type: optional('int32', 20),
          },
        },
        Tensor: {
          fields: {
            dims: repeated('int64', 1),
            data_type: optional('int32', 2),
            name: optional('string', 8),
            raw_data: optional('bytes', 9),
            external_data: repeated('Entry', 13),
            data_location: optional('int32', 14),
          },
        },
        Entry: { fields: { key: optional('string', 1), value: optional('string', 2) } },
        ValueInfo: { fields: { name: optional('string', 1), type: optional('Type', 2) } },
        Type: { fields: { tensor_type: optional('TensorType', 1) } },
        TensorType: { fields: { elem_type: optional('int32', 1), shape: optional('Dims', 2) } },
        Dims: { fields: { dim: repeated('Dim', 1) } },
        Dim: { fields: { dim_value: optional('int64', 1) } },
      },
    },
  },
})

const model = root.lookupType('onnx.Model')

export interface AttributeMessage {
  readonly name: string
  readonly type: number
  readonly f?: number
  readonly i?: number
  readonly s?: Uint8Array
  readonly ints?: readonly number[]
}
export interface NodeMessage {
  readonly input: string[]
  readonly output: string[]
  readonly name: string
  readonly op_type: string
  readonly domain?: string
  readonly attribute: readonly AttributeMessage[]
}
export interface TensorMessage {
  readonly dims: readonly number[]
  readonly data_type: number
  readonly name: string
  readonly raw_data?: Uint8Array
  readonly external_data?: readonly { readonly key: string; readonly value: string }[]
  readonly data_location?: number
}
export interface ValueMessage {
  readonly name: string
  readonly type: {
    readonly tensor_type: {
      readonly elem_type: number
      readonly shape: { readonly dim: readonly { readonly dim_value: number }[] }
    }
  }
}
export interface GraphMessage {
  readonly name: string
  readonly node: readonly NodeMessage[]
  readonly initializer: readonly TensorMessage[]
  readonly input: readonly ValueMessage[]
  readonly output: readonly ValueMessage[]
}

/** Opset of the main domain: 23 brings RotaryEmbedding; every operator used exists in it. */
const opset = 23
const irVersion = 10

/** The bytes of an .onnx file. */
export function encodeModel(graph: GraphMessage): Uint8Array {
  const message = {
    ir_version: irVersion,
    producer_name: 'anywhere',
    graph,
    opset_import: [
      { domain: '', version: opset },
      { domain: 'com.microsoft', version: 1 },
    ],
  }
  return model.encode(message).finish()
}
