// Where the parsers that read files find them: a folder in memory where the system has one, so that the disk is spared. The watcher
// makes it and takes it away, since a process that is ended by force takes nothing away.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const variable = 'ANYWHERE_FUZZ_SCRATCH'

export function makeScratch(): { env: NodeJS.ProcessEnv; remove: () => void } {
  const made = fs.mkdtempSync(path.join(fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir(), 'anywhere-fuzz-'))
  return { env: { ...process.env, [variable]: made }, remove: () => fs.rmSync(made, { recursive: true, force: true }) }
}

/** The folder of this process, made by its watcher. */
export function scratch(): string {
  const folder = process.env[variable]
  if (folder === undefined) throw new Error(`${variable} is not set: this is started by test/fuzz/main.ts`)
  return folder
}

/** Writes the bytes to a file of this name there, and gives its path. */
export function scratchFile(name: string, bytes: Uint8Array): string {
  const file = path.join(scratch(), name)
  fs.writeFileSync(file, bytes)
  return file
}
