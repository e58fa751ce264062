// What the fuzzer needs to know of a parser: how its inputs look, and how to tell that it did well.
import type { Dice } from './dice'

export interface Target {
  readonly name: string
  /** Of the file in which a finding is kept. */
  readonly extension: string
  /** Of the inputs asked for, so many are made; all of them when absent. For parsers that read whole folders. */
  readonly share?: number
  /** An input: most often a good one with a few accidents. */
  make(dice: Dice): Uint8Array
  /**
   * Parses it, and checks of what comes out all that the rest of the house relies on. Throws the parser's error for what it refuses;
   * any other error (of `insist`, for one) is a finding.
   */
  parse(input: Uint8Array): void | Promise<void>
}

/** Throws unless the parser's promise holds. */
export function insist(holds: boolean, promise: string): asserts holds {
  if (!holds) throw new Error(`broken promise: ${promise}`)
}

export const allFinite = (values: Iterable<number>): boolean => {
  for (const value of values) if (!Number.isFinite(value)) return false
  return true
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
/** As the house reads text files: what is no UTF-8 becomes question marks. */
export const textOf = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
