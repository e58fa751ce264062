// From text to the ids of a T5: the most probable way to cut it into pieces (Kudo 2018, "Subword Regularization": the unigram model's
// Viterbi path), as sentencepiece computes it, in float32 and with its ties, so that the ids are its ids.
import { normalizer } from './normalize'
import type { Piece, Spiece } from './spiece'

export interface Tokenizer {
  /** Pieces of the vocabulary's ids, `</s>` (1) at the end, cut to `length` with it and filled up with 0. */
  encode(text: string, length: number): number[]
}

interface Node {
  readonly next: Map<number, Node>
  piece?: Piece
}

/** A character that no piece has costs this much more than the least probable piece. */
const unknownPenalty = 10

/** Throws UserError when the model's rules of normalisation are damaged. */
export function tokenizer(spiece: Spiece): Tokenizer {
  const normalize = normalizer(spiece.charsmap)
  const root: Node = { next: new Map() }
  let least = Infinity
  for (const [text, piece] of spiece.pieces) {
    let node = root
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      const known = node.next.get(unit)
      if (known) node = known
      else node.next.set(unit, (node = { next: new Map() }))
    }
    node.piece = piece
    least = Math.min(least, piece.score)
  }
  const unknownScore = Math.fround(least - unknownPenalty)
  return {
    encode(text, length) {
      const ids = mergeUnknown(bestPath(normalize(text), root, spiece.unknownId, unknownScore), spiece.unknownId)
      const cut = [...ids.slice(0, length - 1), 1]
      return [...cut, ...Array<number>(length - cut.length).fill(0)]
    },
  }
}

/** Ids along the best path through `text`. */
function bestPath(text: string, root: Node, unknownId: number, unknownScore: number): number[] {
  const scores = new Float32Array(text.length + 1)
  const starts = new Int32Array(text.length + 1).fill(-1)
  const ids = new Int32Array(text.length + 1)
  const reach = (from: number, to: number, id: number, score: number): void => {
    const total = Math.fround(score + scores[from]!)
    if (starts[to] !== -1 && total <= scores[to]!) return
    scores[to] = total
    starts[to] = from
    ids[to] = id
  }
  for (let from = 0; from < text.length;) {
    const character = text.codePointAt(from)! > 0xffff ? 2 : 1
    let single = false
    let node: Node | undefined = root
    for (let to = from; to < text.length;) {
      node = node.next.get(text.charCodeAt(to++))
      if (!node) break
      if (!node.piece) continue
      reach(from, to, node.piece.id, node.piece.score)
      if (to - from === character) single = true
    }
    if (!single) reach(from, from + character, unknownId, unknownScore)
    from += character
  }
  const path: number[] = []
  for (let at = text.length; at > 0; at = starts[at]!) path.push(ids[at]!)
  return path.reverse()
}

/** Neighbouring unknown characters are one unknown piece. */
const mergeUnknown = (ids: readonly number[], unknownId: number): number[] =>
  ids.filter((id, i) => id !== unknownId || ids[i - 1] !== unknownId)
