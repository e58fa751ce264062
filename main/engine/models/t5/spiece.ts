// Reads spiece.model, the tokenizer of a T5: a SentencePiece unigram model (sentencepiece_model.proto), field by field, since the file
// comes from strangers: the first field that is not what it should be ends the reading with one line.
import { readFileSync } from 'node:fs'
import protobuf from 'protobufjs/light.js'
import { reason, UserError } from '../../../media/errors'
import { statOf } from '../../../media/files'

export interface Spiece {
  /** Every piece that text can become, by its characters. */
  readonly pieces: ReadonlyMap<string, Piece>
  /** Ids run from 0 to count - 1. */
  readonly count: number
  readonly unknownId: number
  /** Rules of normalisation, as sentencepiece compiles them; undefined where text is taken as it is. */
  readonly charsmap?: Uint8Array
}

export interface Piece {
  readonly id: number
  /** Log probability, float32. */
  readonly score: number
}

/** T5's has 0.8 MB, mT5's 4.3. */
const largestFile = 16 * 2 ** 20
/** Of sentencepiece_model.proto. */
const [normal, unknown, control, unused] = [1, 2, 3, 5]
const unigram = 1

/** Throws UserError with one line for every file that is not the tokenizer of a T5. */
export function readSpiece(file: string): Spiece {
  const stat = statOf(file)
  if (!stat?.isFile()) throw new UserError(`the tokenizer "${file}" is missing; download the folder tokenizer again`)
  if (stat.size > largestFile)
    throw new UserError(
      `"${file}" has ${stat.size} bytes; a tokenizer has at most ${largestFile}, so it is another file`,
    )
  const bytes = readFileSync(file)
  try {
    return parse(bytes)
  } catch (error) {
    throw new UserError(`"${file}" is not the tokenizer of a T5: ${reason(error)}; download it again`)
  }
}

interface RawPiece {
  readonly text: string
  readonly score: number
  readonly type: number
}

function parse(bytes: Uint8Array): Spiece {
  const pieces = new Map<string, Piece>()
  const reserved = new Map<string, number>()
  let unknownId: number | undefined
  let charsmap: Uint8Array | undefined
  let count = 0
  readFields(bytes, {
    1: (reader) => {
      const id = count++
      const { text, score, type } = readPiece(reader.bytes())
      if (text === '' || !Number.isFinite(score)) throw new Error(`piece ${id} has no text or no score`)
      if (pieces.has(text) || reserved.has(text)) throw new Error(`piece ${id} is there twice`)
      if (type === normal) pieces.set(text, { id, score })
      else if (type === unknown || type === control || type === unused) reserved.set(text, id)
      else throw new Error(`piece ${id} is of kind ${type}, which a T5 has not`)
      if (type === unknown) unknownId = id
    },
    2: (reader) =>
      readFields(reader.bytes(), {
        3: (trainer) => {
          const kind = trainer.int32()
          if (kind !== unigram) throw new Error(`its model is of kind ${kind}, not unigram`)
        },
      }),
    3: (reader) => {
      charsmap = readNormalizer(reader.bytes())
    },
  })
  if (pieces.size === 0) throw new Error('it has no pieces')
  if (reserved.get('<pad>') !== 0 || reserved.get('</s>') !== 1 || unknownId === undefined)
    throw new Error('its reserved pieces are not <pad> 0, </s> 1 and one for the unknown')
  return { pieces, count, unknownId, ...(charsmap && charsmap.length > 0 ? { charsmap } : {}) }
}

function readPiece(bytes: Uint8Array): RawPiece {
  let [text, score, type] = ['', 0, normal]
  readFields(bytes, {
    1: (reader) => {
      text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(reader.bytes())
    },
    2: (reader) => {
      score = reader.float()
    },
    3: (reader) => {
      type = reader.int32()
    },
  })
  return { text, score, type }
}

/** The rules; the three switches must be as T5 has them. */
function readNormalizer(bytes: Uint8Array): Uint8Array | undefined {
  let charsmap: Uint8Array | undefined
  const mustBeOn = (what: string) => (reader: protobuf.Reader) => {
    if (!reader.bool()) throw new Error(`its normaliser does not ${what}`)
  }
  readFields(bytes, {
    2: (reader) => {
      charsmap = reader.bytes()
    },
    3: mustBeOn('begin text with a space'),
    4: mustBeOn('remove extra spaces'),
    5: mustBeOn('mark spaces'),
  })
  return charsmap
}

/** Calls `known[n]` for each field n, which must read its value; other fields are passed over. */
function readFields(bytes: Uint8Array, known: Readonly<Record<number, (reader: protobuf.Reader) => void>>): void {
  const reader = protobuf.Reader.create(bytes)
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    const read = known[tag >>> 3]
    if (read) read(reader)
    else reader.skipType(tag & 7)
  }
}
