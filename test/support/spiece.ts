// Writes a SentencePiece unigram model, the file spiece.model of a T5 tokenizer, with pieces of our own. The layout is that of
// sentencepiece_model.proto; its three reserved pieces have the ids that T5 gives them: <pad> 0, </s> 1, <unk> 2.
import fs from 'node:fs'
import path from 'node:path'
import protobuf from 'protobufjs/light.js'

const optional = (type: string, id: number): { type: string; id: number } => ({ type, id })

const Model = protobuf.Root.fromJSON({
  nested: {
    Model: {
      fields: {
        pieces: { rule: 'repeated', type: 'Piece', id: 1 },
        trainer: optional('Trainer', 2),
        normalizer: optional('Normalizer', 3),
      },
    },
    Piece: { fields: { piece: optional('string', 1), score: optional('float', 2), type: optional('int32', 3) } },
    Trainer: {
      fields: {
        model_type: optional('int32', 3),
        vocab_size: optional('int32', 4),
        unk_id: optional('int32', 40),
        bos_id: optional('int32', 41),
        eos_id: optional('int32', 42),
        pad_id: optional('int32', 43),
      },
    },
    Normalizer: {
      fields: {
        name: optional('string', 1),
        precompiled_charsmap: optional('bytes', 2),
        add_dummy_prefix: optional('bool', 3),
        remove_extra_whitespaces: optional('bool', 4),
        escape_whitespaces: optional('bool', 5),
      },
    },
  },
}).lookupType('Model')

const [normal, unknown, control] = [1, 2, 3]

/**
 * Writes `file` (its folder is made when missing) with the reserved pieces and then `pieces`, each with its log probability.
 * `rules`: what normalisation replaces, by what; nothing when absent.
 */
export function writeSpiece(
  file: string,
  pieces: readonly (readonly [string, number])[],
  rules: Readonly<Record<string, string>> = {},
): void {
  const reserved = [
    { piece: '<pad>', score: 0, type: control },
    { piece: '</s>', score: 0, type: control },
    { piece: '<unk>', score: 0, type: unknown },
  ]
  const message = Model.fromObject({
    pieces: [...reserved, ...pieces.map(([piece, score]) => ({ piece, score, type: normal }))],
    trainer: {
      model_type: 1,
      vocab_size: reserved.length + pieces.length,
      unk_id: 2,
      bos_id: -1,
      eos_id: 1,
      pad_id: 0,
    },
    normalizer: {
      name: 'test',
      precompiled_charsmap: compiled(rules),
      add_dummy_prefix: true,
      remove_extra_whitespaces: true,
      escape_whitespaces: true,
    },
  })
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, Model.encode(message).finish())
}

/** Rules as sentencepiece compiles them: the length of a double-array trie, the trie, the replacements. */
function compiled(rules: Readonly<Record<string, string>>): Uint8Array {
  if (Object.keys(rules).length === 0) return new Uint8Array(0)
  const encoder = new TextEncoder()
  interface Node {
    readonly next: Map<number, Node>
    value?: number
  }
  const root: Node = { next: new Map() }
  let replacements = ''
  for (const [from, to] of Object.entries(rules)) {
    let node = root
    for (const byte of encoder.encode(from)) {
      if (!node.next.has(byte)) node.next.set(byte, { next: new Map() })
      node = node.next.get(byte)!
    }
    node.value = encoder.encode(replacements).length
    replacements += `${to}\0`
  }
  // A node's children lie at base ^ label, its value at base ^ 0; a unit holds the way from its own place to its base.
  const units: number[] = [0]
  const taken = new Set([0])
  const place = (node: Node, at: number, label: number): void => {
    const labels = [...(node.value === undefined ? [] : [0]), ...node.next.keys()]
    let base = 1
    while (labels.some((child) => taken.has(base ^ child))) base++
    for (const child of labels) taken.add(base ^ child)
    units[at] = (((base ^ at) << 10) | (node.value === undefined ? 0 : 1 << 8) | label) >>> 0
    if (node.value !== undefined) units[base] = (node.value | 0x80000000) >>> 0
    for (const [child, below] of node.next)
      if (below.next.size > 0 || below.value !== undefined) place(below, base ^ child, child)
  }
  place(root, 0, 0)
  const trie = Uint32Array.from({ length: Math.ceil(units.length / 256) * 256 }, (_, i) => units[i] ?? 0)
  const bytes = new Uint8Array(trie.buffer)
  return Buffer.concat([new Uint8Array(Uint32Array.of(bytes.length).buffer), bytes, encoder.encode(replacements)])
}
