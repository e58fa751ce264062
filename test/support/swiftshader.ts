// A graphics card for machines without one: SwiftShader, a Vulkan driver in software, lies in every build of Electron and Chromium. The
// loader of Vulkan looks for it when a process starts, so that what needs it runs in a child process.
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { findElectronFolder } from './electron'

const run = promisify(execFile)
const driver = 'vk_swiftshader_icd.json'

/** Settings that make a new process see SwiftShader as its only graphics card; undefined where it cannot be had. */
export function swiftShader(): Record<string, string> | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  const folders = ['/usr/lib/chromium', findElectronFolder() ?? '']
  const folder = folders.find((candidate) => fs.existsSync(path.join(candidate, driver)))
  if (folder === undefined) return undefined
  // Vulkan's loader itself may not be installed either; it lies there, too.
  return { VK_ICD_FILENAMES: path.join(folder, driver), LD_LIBRARY_PATH: folder }
}

/** Runs a TypeScript file with SwiftShader and gives the JSON on the last line of its output. Throws with what it said when it fails. */
export async function onSwiftShader(
  settings: Record<string, string>,
  file: string,
  ...words: string[]
): Promise<unknown> {
  const env = { ...process.env, ...settings }
  const { stdout } = await run(process.execPath, ['--import', 'tsx', file, ...words], { env, maxBuffer: 1 << 26 })
  return JSON.parse(stdout.trim().split('\n').at(-1)!)
}
