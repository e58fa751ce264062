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
