// Finds what a ray meets among thousands of shapes: a tree of boxes, halved along the longest side (a bounding volume hierarchy).
import type { Shape } from './shapes'

/** Shapes per box that is not halved any more. */
const FEW = 3

export class Bvh {
  /** Per box: low x, y, z, high x, y, z. */
  private readonly boxes: number[] = []
  /** Per box: where its second half is (the first follows it), or for a last box -1 - its first shape. */
  private readonly links: number[] = []
  private readonly counts: number[] = []
  private readonly shapes: Shape[] = []
  private readonly stack = new Int32Array(128)
  private found: Shape | undefined

  constructor(shapes: readonly Shape[]) {
    this.build([...shapes])
  }

  /** The nearest shape that the ray meets before `limit` (lengths of its direction), and where. */
  cast(
    ox: number,
    oy: number,
    oz: number,
    dx: number,
    dy: number,
    dz: number,
  ): { shape: Shape; t: number } | undefined {
    const t = this.walk(ox, oy, oz, dx, dy, dz, Infinity, false)
    return t < Infinity ? { shape: this.found!, t } : undefined
  }

  /** Whether something lies between the origin and `limit`. */
  blocked(ox: number, oy: number, oz: number, dx: number, dy: number, dz: number, limit: number): boolean {
    return this.walk(ox, oy, oz, dx, dy, dz, limit, true) < limit
  }

  private build(shapes: Shape[]) {
    const box = this.links.length
    const low = [Infinity, Infinity, Infinity]
    const high = [-Infinity, -Infinity, -Infinity]
    for (const shape of shapes)
      for (let axis = 0; axis < 3; axis++) {
        low[axis] = Math.min(low[axis]!, shape.low.getComponent(axis))
        high[axis] = Math.max(high[axis]!, shape.high.getComponent(axis))
      }
    this.boxes.push(...low, ...high)
    this.links.push(0)
    this.counts.push(shapes.length)
    if (shapes.length <= FEW) {
      this.links[box] = -1 - this.shapes.length
      this.shapes.push(...shapes)
      return
    }
    const sides = high.map((h, i) => h - low[i]!)
    const axis = sides.indexOf(Math.max(...sides))
    const middle = (s: Shape) => s.low.getComponent(axis) + s.high.getComponent(axis)
    shapes.sort((a, b) => middle(a) - middle(b))
    const half = shapes.length >> 1
    this.build(shapes.slice(0, half))
    this.links[box] = this.links.length
    this.build(shapes.slice(half))
  }

  private walk(
    ox: number,
    oy: number,
    oz: number,
    dx: number,
    dy: number,
    dz: number,
    limit: number,
    any: boolean,
  ): number {
    const { boxes, links, counts, shapes, stack } = this
    const ix = 1 / dx
    const iy = 1 / dy
    const iz = 1 / dz
    let best = limit
    let depth = 0
    stack[depth++] = 0
    while (depth > 0) {
      const box = stack[--depth]!
      const at = box * 6
      const ax = (boxes[at]! - ox) * ix
      const bx = (boxes[at + 3]! - ox) * ix
      const ay = (boxes[at + 1]! - oy) * iy
      const by = (boxes[at + 4]! - oy) * iy
      const az = (boxes[at + 2]! - oz) * iz
      const bz = (boxes[at + 5]! - oz) * iz
      const near = Math.max(Math.min(ax, bx), Math.min(ay, by), Math.min(az, bz), 0)
      const far = Math.min(Math.max(ax, bx), Math.max(ay, by), Math.max(az, bz))
      if (!(near <= far) || near >= best) continue
      const link = links[box]!
      if (link >= 0) {
        stack[depth++] = link
        stack[depth++] = box + 1
        continue
      }
      const first = -1 - link
      for (let i = first; i < first + counts[box]!; i++) {
        const t = shapes[i]!.hit(ox, oy, oz, dx, dy, dz)
        if (t < best) {
          best = t
          this.found = shapes[i]!
          if (any) return best
        }
      }
    }
    return best
  }
}
