// Gradients of attention, tile by tile: some rows of the scores at a time, made anew from q and k, used for all three gradients while
// they are in the cache, and dropped (Dao et al. 2022, "FlashAttention", algorithm 4; whole rows need no running maximum).
import { defineOp } from '../record'
import { sizeOf } from '../tensor'
import type { Emitter } from '../emitter'
import type { Tensor } from '../types'

/** Scores of a tile, 4 MB: small enough for the cache, large enough for the full speed of products and for few of them (measured). */
const tileScores = 1 << 20
/** The same on graphics cards, where fewer and larger is faster: 128 MiB, what every one of them gives in one piece. */
const portableScores = 1 << 25
/** Tiles along the queries of one head are at most so many, so that the graph of long sequences stays small. */
const mostTiles = 16

interface Sizes {
  /** Batch times heads. */
  readonly heads: number
  readonly queries: number
  readonly keys: number
  readonly width: number
  readonly valueWidth: number
}

function sizesOf({ inputs: [q, k, v] }: Tensor): Sizes {
  const [batch, heads, queries, width] = q!.shape as [number, number, number, number]
  return { heads: batch * heads, queries, keys: k!.shape[2]!, width, valueWidth: v!.shape[3]! }
}

/** How many heads go into one tile (a divisor of all), and how many of their queries. */
function tileOf({ heads, queries, keys }: Sizes, scores: number): { heads: number; rows: number } {
  const most = Math.floor(scores / (queries * keys))
  for (let count = Math.min(heads, most); count >= 1; count--) {
    if (heads % count === 0) return { heads: count, rows: queries }
  }
  return { heads: 1, rows: Math.max(Math.floor(scores / keys), Math.ceil(queries / mostTiles)) }
}

/** The few ONNX nodes that the tiles are made of. */
function nodes(emitter: Emitter, dtype: Tensor['dtype']) {
  const emit =
    (type: string) =>
    (...inputs: string[]) =>
      emitter.emit(type, inputs)
  return {
    matmul: emit('MatMul'),
    mul: emit('Mul'),
    add: emit('Add'),
    softmax: (x: string) => emitter.emit('Softmax', [x], { attrs: { axis: -1 } }),
    swap: (x: string) => emitter.emit('Transpose', [x], { attrs: { perm: [0, 2, 1] } }),
    concat: (xs: readonly string[], axis: number) =>
      xs.length === 1 ? xs[0]! : emitter.emit('Concat', xs, { attrs: { axis } }),
    split: (x: string, axis: number, lengths: readonly number[]) =>
      lengths.length === 1
        ? [x]
        : emitter.emitMany('Split', [x, emitter.ints(lengths)], lengths.length, { attrs: { axis } }),
    scaled: (x: string, by: number) => emitter.emit('Mul', [x, emitter.scalar(by, dtype)]),
    /** Length of one axis as it is at run time: known only when `x` is there. */
    length: (x: string, axis: number) => emitter.emit('Shape', [x], { attrs: { start: axis, end: axis + 1 } }),
  }
}

/** `count` as equal parts of `part`, the last one smaller. */
const cut = (count: number, part: number): number[] =>
  Array.from({ length: Math.ceil(count / part) }, (_, i) => Math.min(part, count - i * part))

function lower(emitter: Emitter, out: Tensor): string[] {
  const sizes = sizesOf(out)
  const { heads, queries, keys, width, valueWidth } = sizes
  const on = nodes(emitter, out.dtype)
  const flat = out.inputs.map((x) =>
    emitter.emit('Reshape', [emitter.value(x), emitter.ints([heads, ...x.shape.slice(2)])]),
  ) as [string, string, string, string, string]
  const [q, k, v, y, g] = flat
  const scale = out.attrs.scale as number
  // With P the probabilities and D = rowsum(g o y): dS = P o (g v^T - D), where the subtraction rides in the product as one more column.
  const delta = emitter.emit('ReduceSum', [on.mul(g, y), emitter.ints([2])])
  const wide = on.concat([g, on.scaled(delta, -1)], 2)
  const ones = emitter.emit('Expand', [emitter.scalar(1, out.dtype), emitter.ints([heads, 1, keys])])
  const values = on.concat([on.swap(v), ones], 1)
  const tile = tileOf(sizes, emitter.target === 'cpu' ? tileScores : portableScores)
  const groups = cut(heads, tile.heads)
  const [qs, ks, gs, wides, valueses] = [on.scaled(q, scale), on.scaled(k, scale), g, wide, values].map((x) =>
    on.split(x, 0, groups),
  ) as [string[], string[], string[], string[], string[]]
  const keyses = on.split(on.swap(k), 0, groups)

  const parts: { dq: string; dk: string; dv: string }[] = []
  let done: { dq: string; dk: string; dv: string } | undefined
  for (let i = 0; i < groups.length; i++) {
    const rows = cut(queries, tile.rows)
    const [qRows, gRows, wideRows] = [qs[i]!, gs[i]!, wides[i]!].map((x) => on.split(x, 1, rows)) as [
      string[],
      string[],
      string[],
    ]
    let keysT = keyses[i]!
    const dqs: string[] = []
    let sums: { dk: string; dv: string } | undefined
    for (let j = 0; j < rows.length; j++) {
      // A tile begins when the one before is done, or all their scores would be alive at once.
      if (done) {
        const shape = on.concat([on.length(done.dk, 0), on.length(done.dq, 2), on.length(done.dv, 2)], 0)
        keysT = emitter.emit('Reshape', [keysT, shape])
      }
      const p = on.softmax(on.matmul(qRows[j]!, keysT))
      const ds = on.mul(p, on.matmul(wideRows[j]!, valueses[i]!))
      // Products with P^T are written as (g^T P)^T, so that only narrow tensors are transposed.
      const dk = on.matmul(on.swap(qRows[j]!), ds)
      const dv = on.matmul(on.swap(gRows[j]!), p)
      sums = sums ? { dk: on.add(sums.dk, dk), dv: on.add(sums.dv, dv) } : { dk, dv }
      dqs.push(on.matmul(ds, ks[i]!))
      done = { dq: dqs.at(-1)!, ...sums }
    }
    parts.push({ dq: on.concat(dqs, 1), dk: on.swap(sums!.dk), dv: on.swap(sums!.dv) })
  }
  const [batch, each] = out.shape as [number, number]
  const joined = (name: 'dq' | 'dk' | 'dv', ...rest: number[]) =>
    emitter.emit('Reshape', [
      on.concat(
        parts.map((part) => part[name]),
        0,
      ),
      emitter.ints([batch, each, ...rest]),
    ])
  return [joined('dq', queries, width), joined('dk', keys, width), joined('dv', keys, valueWidth)]
}

// Inputs q, k, v, attention's result and the gradient arriving there; gives the gradient of q and saves those of k and v.
defineOp({
  name: 'attentionGradient',
  shape: ([q]) => ({ shape: q!.shape, dtype: q!.dtype }),
  gradient: () => {
    throw new Error('attention: second derivatives are not supported')
  },
  lower,
  // The four products that the mathematics asks for; the scores made anew are not counted.
  flops: (out) => {
    const { keys, width, valueWidth } = sizesOf(out)
    return 4 * sizeOf(out.shape.slice(0, 3)) * keys * (width + valueWidth)
  },
  samples: 'in every check',
})
