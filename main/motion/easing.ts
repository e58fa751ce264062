// How a value moves between two keys. All but 'step' are cubic Béziers from (0,0) to (1,1), as on the web and in animation tools.

export type Ease =
  | 'linear'
  | 'step'
  | 'easeIn'
  | 'easeOut'
  | 'easeInOut'
  /** Control points x1, y1, x2, y2; x within 0..1. */
  | [number, number, number, number]

const CURVES = { easeIn: [0.42, 0, 1, 1], easeOut: [0, 0, 0.58, 1], easeInOut: [0.42, 0, 0.58, 1] } as const

/** The eased share (0..1, a Bézier may overshoot) at the share `t` (0..1) of the time between two keys. */
export function bezierEase(ease: Ease, t: number): number {
  if (ease === 'linear') return t
  if (ease === 'step') return t < 1 ? 0 : 1
  const [x1, y1, x2, y2] = typeof ease === 'string' ? CURVES[ease] : ease
  return cubic(y1, y2, parameterAt(x1, x2, t))
}

function cubic(a: number, b: number, s: number): number {
  return ((1 + 3 * a - 3 * b) * s + 3 * b - 6 * a) * s * s + 3 * a * s
}

/** Solves x(s) = t by bisection: x is monotonic for control points within 0..1, and 40 halvings exhaust float precision. */
function parameterAt(x1: number, x2: number, t: number): number {
  let low = 0
  let high = 1
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2
    if (cubic(x1, x2, middle) < t) low = middle
    else high = middle
  }
  return (low + high) / 2
}
