// Parts of a file by HTTP's Range header (RFC 9110, 14): without them a player cannot seek.

/** Bytes from `start` to `end`, both included. */
export interface Span {
  readonly start: number
  readonly end: number
}

/**
 * The part of `size` bytes that a Range header asks for. 'whole' where it asks for none, for several, or in another unit, as
 * the standard lets a server answer; 'unsatisfiable' where no byte of it exists (answer 416).
 */
export function parseRange(header: string | undefined, size: number): Span | 'whole' | 'unsatisfiable' {
  const match = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return 'whole'
  const [first, last] = [match[1]!, match[2]!]
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length > 0 ? { start: size - length, end: size - 1 } : 'unsatisfiable'
  }
  const start = Number(first)
  if (last !== '' && Number(last) < start) return 'whole' // no range at all
  if (start >= size) return 'unsatisfiable'
  return { start, end: last === '' ? size - 1 : Math.min(Number(last), size - 1) }
}
