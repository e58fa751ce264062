// `npm run package`: the app as users install it, for this system, into release/. With `--dir`: unpacked, to be tried.
// Uses the Electron that ELECTRON_OVERRIDE_DIST_PATH names, or the installed one; nothing is downloaded for --dir then.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { build } from 'electron-builder'
import type { Configuration } from 'electron-builder'
import sharp from 'sharp'
import { electronFolder, executableIn } from './electron'

const root = path.resolve(import.meta.dirname, '..')

/** The version of an Electron build: from its own note, else by asking it. */
function versionOf(folder: string): string {
  const note = path.join(folder, 'version')
  if (fs.existsSync(note)) return fs.readFileSync(note, 'utf8').trim().replace(/^v/, '')
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' }
  const asked = spawnSync(executableIn(folder), ['-p', 'process.versions.electron'], { env, encoding: 'utf8' })
  const version = asked.stdout?.trim()
  if (!/^\d+\.\d+\.\d+/.test(version ?? '')) throw new Error(`the Electron in ${folder} does not tell its version`)
  return version
}

/** The icon in the sizes that systems want, from its drawing. */
async function drawIcons(folder: string): Promise<void> {
  const drawing = path.join(root, 'assets/icons/studio.svg')
  const draw = (size: number, file: string) =>
    sharp(drawing, { density: (72 * size) / 512 })
      .resize(size)
      .png()
      .toFile(file)
  fs.mkdirSync(path.join(folder, 'icons'), { recursive: true })
  await draw(1024, path.join(folder, 'icon.png'))
  for (const size of [16, 32, 48, 64, 128, 256, 512])
    await draw(size, path.join(folder, 'icons', `${size}x${size}.png`))
}

function buildFirst(): void {
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

buildFirst()
const electron = electronFolder()
const version = electron && versionOf(electron)
const icons = fs.mkdtempSync(path.join(os.tmpdir(), 'anywhere-icons-'))
try {
  await drawIcons(icons)
  const config: Configuration = {
    extends: 'electron-builder.yml',
    directories: { buildResources: icons },
    ...(electron ? { electronDist: electron, electronVersion: version } : {}),
    electronFuses: {
      enableEmbeddedAsarIntegrityValidation: process.platform !== 'linux', // which has no such check
      ...(version === undefined || Number.parseInt(version) >= 29 ? { grantFileProtocolExtraPrivileges: false } : {}),
    },
    // An Electron build may hold an app of its own; it has no place in ours.
    afterExtract: ({ packager, appOutDir }) => {
      const resources = packager.getResourcesDir(appOutDir)
      for (const name of ['app', 'app.asar', 'default_app.asar'])
        fs.rmSync(path.join(resources, name), { recursive: true, force: true })
      return Promise.resolve()
    },
  }
  const made = await build({ projectDir: root, config, publish: 'never', dir: process.argv.includes('--dir') })
  for (const file of made) console.log(`package: ${path.relative(root, file)}`)
} finally {
  fs.rmSync(icons, { recursive: true })
}
