// How far a hint is followed, as guidance: what a pass says without the hint, and `strength` times what the hint changes in it.
import type { Hint } from '../../motion/hints'

/** The passes this takes, by their hint: one where the strength is 0 or 1 (when absent), else the one with the hint and then the one without. */
export function askedHints(hint: Hint, strength = 1): readonly [Hint] | readonly [Hint, 'auto'] {
  if (hint === 'auto' || strength === 0) return ['auto']
  return strength === 1 ? [hint] : [hint, 'auto']
}

/** without + strength (with - without), elementwise. */
export function followHint(withHint: Float32Array, without: Float32Array, strength: number): Float32Array {
  return without.map((v, i) => v + strength * (withHint[i]! - v))
}

/**
 * A pass with the hint at a strength.
 * @param pass what the network makes of the sample when it is given this hint
 */
export async function hinted(
  hint: Hint,
  strength: number,
  pass: (hint: Hint) => Promise<Float32Array>,
): Promise<Float32Array> {
  const [first, second] = askedHints(hint, strength)
  const made = await pass(first)
  return second ? followHint(made, await pass(second), strength) : made
}
