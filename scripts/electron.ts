// Where Electron is: the folder that the official override names, else the one its package has fetched.
import fs from 'node:fs'
import path from 'node:path'

/** Path of the program inside a folder with an Electron build. */
const program: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
}
const root = path.resolve(import.meta.dirname, '..')

/** Folder of the Electron build to use, or undefined. Throws when the override names a folder without one. */
export function electronFolder(): string | undefined {
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (given && !fs.existsSync(executableIn(given)))
    throw new Error(
      `ELECTRON_OVERRIDE_DIST_PATH is "${given}", where there is no ${path.basename(executableIn(given))}`,
    )
  const folder = given ?? path.join(root, 'node_modules/electron/dist')
  return fs.existsSync(executableIn(folder)) ? folder : undefined
}

export const executableIn = (folder: string): string => path.join(folder, program[process.platform] ?? 'electron')
