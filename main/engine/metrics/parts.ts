// Which part of the body a pixel of the person belongs to, and where that pixel was a frame ago, told by true key points alone: so that two
// clips of one motion can be compared head with head and sleeve with sleeve.
import type { Keypoints } from '../../motion/types'
import { bones } from '../models/animate-anywhere/bones'
import { bonePose, endsOf } from '../models/animate-anywhere/bone-pose'

/** One part of the body in one picture: the line from p to q, pixels. */
export interface Part {
  readonly p: readonly [x: number, y: number]
  readonly q: readonly [x: number, y: number]
  /** Half the part's width, pixels. */
  readonly radius: number
}

/** The parts of a pose, in the order of `bones`; undefined where key points are missing or fall on one place. */
export function partsOf(pose: Keypoints): (Part | undefined)[] {
  const { ends, known, size } = bonePose(pose)
  return bones.map(({ radius }, k) => {
    const [px, py, qx, qy] = endsOf(ends, k)
    if (!known[k] || Math.hypot(qx - px, qy - py) < 0.5) return undefined
    return { p: [px, py], q: [qx, qy], radius: (radius * size) / 50 }
  })
}

/** The part nearest to (x, y), counted from its surface; -1 when there is none. */
export function nearestPart(parts: readonly (Part | undefined)[], x: number, y: number): number {
  let [nearest, least] = [-1, Infinity]
  parts.forEach((part, k) => {
    if (!part) return
    const { along, across, length } = within(part, x, y)
    const beyond = Math.max(0, -along, along - length)
    const distance = Math.hypot(beyond, across) - part.radius
    if (distance < least) [nearest, least] = [k, distance]
  })
  return nearest
}

/** Where the point (x, y) of `part` lies on the same part in another picture, `other`; beyond the ends lengths stay as they are. */
export function onOtherPart(part: Part, other: Part, x: number, y: number): [x: number, y: number] {
  const { along, across, length } = within(part, x, y)
  const [dx, dy] = [other.q[0] - other.p[0], other.q[1] - other.p[1]]
  const otherLength = Math.hypot(dx, dy)
  const far = along < 0 ? along : along > length ? otherLength + along - length : (along * otherLength) / length
  const [ux, uy] = [dx / otherLength, dy / otherLength]
  return [other.p[0] + far * ux - across * uy, other.p[1] + far * uy + across * ux]
}

/** A point in the part's own axes, pixels: from p towards q, and to the side. */
function within({ p, q }: Part, x: number, y: number) {
  const [dx, dy] = [q[0] - p[0], q[1] - p[1]]
  const length = Math.hypot(dx, dy)
  const [rx, ry] = [x - p[0], y - p[1]]
  return { along: (rx * dx + ry * dy) / length, across: (ry * dx - rx * dy) / length, length }
}
