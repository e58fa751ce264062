// Mistakes in what the user gave (a motion file, a folder of poses): told in one line, never with a stack.

const longest = 480

/**
 * The text as one line of at most 480 characters. Messages quote what is in the files of strangers: line breaks, control characters and
 * turns of the writing direction become blanks, and of what is too long the middle is left out.
 */
export function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
  return line.length <= longest ? line : `${line.slice(0, 290)} ... ${line.slice(5 - longest + 290)}`
}

/** A mistake in a motion the user gave. `user` marks it for whoever prints errors: the message alone is enough. */
export class MotionError extends Error {
  override readonly name = 'MotionError'
  readonly user = true

  constructor(message: string) {
    super(oneLine(message))
  }
}
