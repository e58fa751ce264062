// Similarities of the plane as (dx, dy, z, r): the point u, seen from a frame's centre, goes to exp(z) R(r) u + (dx, dy) with
// R(r) = [[cos r, -sin r], [sin r, cos r]]. They say where a frame's background is found in another frame.

/** The similarity `then` seen through `first`: u goes to first(then(u)). */
export function follow(first: ArrayLike<number>, then: ArrayLike<number>): [number, number, number, number] {
  const [x, y, z, r] = [first[0]!, first[1]!, first[2]!, first[3]!]
  const [dx, dy] = [then[0]!, then[1]!]
  const c = Math.exp(z) * Math.cos(r)
  const s = Math.exp(z) * Math.sin(r)
  return [x + c * dx - s * dy, y + s * dx + c * dy, z + then[2]!, r + then[3]!]
}

/** The similarity that leads from one place of a path to the next: `follow(from, stepBetween(from, next))` is `next`. */
export function stepBetween(from: ArrayLike<number>, next: ArrayLike<number>): [number, number, number, number] {
  const [x, y, z, r] = [from[0]!, from[1]!, from[2]!, from[3]!]
  const [dx, dy] = [next[0]! - x, next[1]! - y]
  const [c, s] = [Math.exp(-z) * Math.cos(r), Math.exp(-z) * Math.sin(r)]
  return [c * dx + s * dy, c * dy - s * dx, next[2]! - z, next[3]! - r]
}
