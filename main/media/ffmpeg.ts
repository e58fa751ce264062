// Where ffmpeg is. Packages' install scripts are off in this project, so a binary may be absent, or lie in its package
// without the right to run; every place is tried in order and the first that starts and can write H.264 is used.
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { UserError, reason } from './errors'
import { packageFolder } from './resources'

/** A working ffmpeg: its path, where it was found, and its version string. */
export interface Ffmpeg {
  readonly path: string
  readonly source: string
  readonly version: string
}

const run = promisify(execFile)
const binary = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg'
let found: Promise<Ffmpeg> | undefined

/** The ffmpeg to use, found once per process. Throws UserError with the way out when there is none. */
export function findFfmpeg(): Promise<Ffmpeg> {
  found ??= search(process.env).catch((error: unknown) => {
    found = undefined // the user may mend it while the app runs
    throw error
  })
  return found
}

/** Tries FFMPEG_PATH, then `ffmpeg-static`, `@ffmpeg-installer/ffmpeg`, PATH. A set but broken FFMPEG_PATH is an error. */
export async function search(env: NodeJS.ProcessEnv): Promise<Ffmpeg> {
  if (env.FFMPEG_PATH) {
    try {
      return await inspect(env.FFMPEG_PATH, 'FFMPEG_PATH')
    } catch (error) {
      throw new UserError(`FFMPEG_PATH is "${env.FFMPEG_PATH}", which does not work: ${reason(error)}`)
    }
  }
  const refusals: string[] = []
  for (const [source, file] of candidates(env)) {
    if (!fs.existsSync(file)) continue
    try {
      return await inspect(file, source)
    } catch (error) {
      refusals.push(`${file}: ${reason(error)}`)
    }
  }
  const tried = refusals.length > 0 ? ` (${refusals.join('; ')})` : ''
  throw new UserError(
    `no working ffmpeg was found${tried}; run "npm ci", or install ffmpeg, or set FFMPEG_PATH to its file`,
  )
}

function candidates(env: NodeJS.ProcessEnv): [source: string, file: string][] {
  const inPackage = (name: string): [string, string][] => {
    try {
      return [[name, path.join(packageFolder(name), binary)]]
    } catch {
      return [] // the package is not installed on this platform
    }
  }
  const folders = (env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '')
  return [
    ...inPackage('ffmpeg-static'),
    ...inPackage(`@ffmpeg-installer/${process.platform}-${process.arch}`),
    ...folders.map((folder): [string, string] => ['PATH', path.join(folder, binary)]),
  ]
}

async function inspect(file: string, source: string): Promise<Ffmpeg> {
  const runnable = source === 'FFMPEG_PATH' || source === 'PATH' ? file : makeRunnable(file)
  const { stdout } = await run(runnable, ['-version'], { timeout: 20_000 })
  const version = /^ffmpeg version (\S+)/.exec(stdout)?.[1]
  if (version === undefined) throw new Error('it is not ffmpeg')
  if (!stdout.includes('--enable-libx264')) throw new Error('it was built without libx264, the H.264 encoder')
  return { path: runnable, source, version }
}

/** The file itself, its executable bit set where need be, or, inside a read-only installation, a copy that can run. */
function makeRunnable(file: string): string {
  if (mayRun(file)) return file
  try {
    fs.chmodSync(file, 0o755)
    return file
  } catch {
    const copy = path.join(os.tmpdir(), `anywhere-ffmpeg-${fs.statSync(file).size}-${os.userInfo().uid}`)
    fs.copyFileSync(file, copy)
    fs.chmodSync(copy, 0o700)
    return copy
  }
}

function mayRun(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK)
    return true
  } catch {
    return false
  }
}
