// What lies at a path the user gave, without surprises: "a/b.jpg" where "a" is a file is simply not there.
import fs from 'node:fs'
import { UserError } from './errors'

/** What is at `path`, or undefined when there is nothing that can be seen. */
export function statOf(path: string): fs.Stats | undefined {
  try {
    return fs.statSync(path)
  } catch {
    return undefined
  }
}

/** Throws UserError unless `path` is a readable file with something in it; `kind` ('picture') names it in the message. */
export function requireFile(kind: string, path: string): void {
  const stat = statOf(path)
  if (!stat) throw new UserError(`${kind} "${path}" does not exist`)
  if (stat.isDirectory()) throw new UserError(`${kind} "${path}" is a folder; give one ${kind} file`)
  if (stat.size === 0) throw new UserError(`${kind} "${path}" is empty (0 bytes)`)
  try {
    fs.accessSync(path, fs.constants.R_OK)
  } catch {
    throw new UserError(`${kind} "${path}" cannot be opened: permission denied`)
  }
}
