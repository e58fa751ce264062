// Chance that can be repeated: every input of the fuzzer follows from the run's seed, the parser's name and the input's number, so that
// a finding is found again by these three and nothing has to be kept of the inputs before it.

export interface Dice {
  /** A whole number in 0 .. limit - 1. */
  below(limit: number): number
  chance(share: number): boolean
  /** One of the list, which is not empty. */
  pick<T>(list: readonly T[]): T
}

/** Dice that fall the same way for the same text (FNV-1a, then mulberry32). */
export function diceOf(text: string): Dice {
  let state = 0x811c9dc5
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193)
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return { below, chance: (share) => next() < share, pick: (list) => list[below(list.length)]! }
}
