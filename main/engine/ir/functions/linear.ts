// Matrix products, normalisation over the last axis or groups, attention.
import { make, showShape } from '../tensor'
import type { Tensor } from '../types'
import { add, mul } from './elementwise'
import { reshape, slice } from './shape'

/** [..,M,K] x [..,K,N]; leading axes broadcast. */
export const matmul = (a: Tensor, b: Tensor): Tensor => make('matmul', [a, b])

/** Normalised over the last axis (population variance), then times weight plus bias, both [D] or null. */
export function layerNorm(x: Tensor, weight: Tensor | null, bias: Tensor | null, eps = 1e-5): Tensor {
  const scaled = make('layerNorm', weight ? (bias ? [x, weight, bias] : [x, weight]) : [x], { eps })
  return !weight && bias ? add(scaled, bias) : scaled
}

/** [N,C,...]: normalised over each group of C/groups channels and all positions, then times weight plus bias, both [C] or null. */
export function groupNorm(x: Tensor, groups: number, weight: Tensor | null, bias: Tensor | null, eps = 1e-5): Tensor {
  const perChannel = [x.shape[1] ?? 0, ...x.shape.slice(2).map(() => 1)]
  const normal = make('groupNorm', [x], { groups, eps })
  const scaled = weight ? mul(normal, reshape(weight, perChannel)) : normal
  return bias ? add(scaled, reshape(bias, perChannel)) : scaled
}

/** softmax(scale q k^T) v. q [B,H,N,D], k [B,H,M,D], v [B,H,M,E]; scale 1/sqrt(D) unless given. Flash attention in forward-only programs. */
export function scaledDotProductAttention(q: Tensor, k: Tensor, v: Tensor, options: { scale?: number } = {}): Tensor {
  return make('attention', [q, k, v], { scale: options.scale ?? 1 / Math.sqrt(q.shape.at(-1) ?? 1) })
}

/**
 * Rotary position embedding of neighbouring pairs: (x[2i], x[2i+1]) turned by angle i of row n: x [..,N,D], cos and sin [N,D/2],
 * or [N,D] with each angle twice in a row, as diffusers keeps them.
 */
export function rotaryInterleaved(x: Tensor, cos: Tensor, sin: Tensor): Tensor {
  const width = x.shape.at(-1) ?? 0
  const half = (table: Tensor): Tensor => {
    if (table.shape.at(-1) === width / 2) return table
    if (table.shape.at(-1) === width) return slice(table, -1, 0, width, 2)
    throw new Error(`rotaryInterleaved: table ${showShape(table.shape)} does not fit x ${showShape(x.shape)}`)
  }
  return make('rotary', [x, half(cos), half(sin)])
}
