// The files that come with the app: samples, the bundled model, and what npm packages hold besides code. A checkout (main/media)
// and its bundles (dist/main) both lie two folders below them; a packaged app keeps them beside its archive, as real files.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const require = createRequire(import.meta.url)

/** The real file of one that was named inside a packaged app's archive: other programs and native code cannot look into it. */
export function unpacked(file: string): string {
  return file.replace(/(?<=[\\/])app\.asar(?=[\\/])/, 'app.asar.unpacked')
}

/** Absolute path of a bundled asset: `resource('models/mini.safetensors')`, `resource('humans')`. */
export function resource(relative: string): string {
  return unpacked(path.join(root, 'assets', relative))
}

/** Folder of an installed npm package. Throws where it is not installed. */
export function packageFolder(name: string): string {
  const folders = (require.resolve.paths(name) ?? []).map((folder) => path.join(folder, name))
  const found = folders.find((folder) => existsSync(path.join(folder, 'package.json')))
  if (found === undefined) throw new Error(`the npm package ${name} is not installed`)
  return unpacked(found)
}

/** Of package.json: the app's version, its name, and the packages it needs to run. */
export interface AppPackage {
  readonly productName: string
  readonly version: string
  readonly dependencies: Readonly<Record<string, string>>
}

export function appPackage(): AppPackage {
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as AppPackage
}

/** Where the built window lies. */
export const windowFolder = path.join(root, 'dist/renderer')
