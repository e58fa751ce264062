// Mistakes in what the user gave (a motion file, a folder of poses): told in one line, never with a stack.

/** A mistake in a motion the user gave. `user` marks it for whoever prints errors: the message alone is enough. */
export class MotionError extends Error {
  override readonly name = 'MotionError'
  readonly user = true
}
