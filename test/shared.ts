// Where the lent reference material is, if this checkout has it beside it; tests that need it skip by name when it is absent.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import path from 'node:path'

const sharedRoot =
  process.env.ANYWHERE_SHARED ?? path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../shared')

/** Absolute path of `relative` inside the lent folder, or undefined when it is not there. */
export function sharedPath(relative: string): string | undefined {
  const full = path.join(sharedRoot, relative)
  return existsSync(full) ? full : undefined
}
