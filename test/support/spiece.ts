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

/** Writes `file` (its folder is made when missing) with the reserved pieces and then `pieces`, each with its log probability. */
export function writeSpiece(file: string, pieces: readonly (readonly [string, number])[]): void {
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
    normalizer: { name: 'identity', add_dummy_prefix: true, remove_extra_whitespaces: true, escape_whitespaces: true },
  })
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, Model.encode(message).finish())
}
