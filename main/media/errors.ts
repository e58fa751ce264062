// The error for what the user gave: a file that is not what it should be, a size out of range, a folder that
// cannot be written. Whoever talks to the user shows `message` as it is, in one line, without a stack.
import { oneLine } from '../motion/errors'

/** A mistake in the user's input. `message`: what was tried, the thing and its bad value, and the way out. */
export class UserError extends Error {
  readonly user = true
  override readonly name = 'UserError'

  constructor(message: string) {
    super(oneLine(message))
  }
}

/** True for every error that is the user's to mend, whichever part of the house threw it. */
export function isUserError(error: unknown): error is Error & { readonly user: true } {
  return error instanceof Error && 'user' in error && error.user === true
}

/** First non-empty line of an error's message, for use inside another message. */
export function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return (text.split('\n').find((line) => line.trim() !== '') ?? 'unknown reason').trim()
}
