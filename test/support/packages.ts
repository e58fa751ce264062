// The system's packages that windows need, installed where that is possible: as root on Debian, with apt-get. Continuous
// integration is such a machine, and a bare one. Elsewhere tests of windows are skipped by name.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { onceOnThisMachine } from './machine'

/** Packages by a file that only they bring; newer systems know some under a second name. */
const wanted: readonly { readonly file: string; readonly names: readonly string[] }[] = [
  { file: 'bin/Xvfb', names: ['xvfb'] },
  { file: 'bin/xauth', names: ['xauth'] },
  { file: 'bin/chromium', names: ['chromium'] },
  { file: 'libgtk-3.so.0', names: ['libgtk-3-0', 'libgtk-3-0t64'] },
  { file: 'libnss3.so', names: ['libnss3'] },
  { file: 'libasound.so.2', names: ['libasound2', 'libasound2t64'] },
  { file: 'libgbm.so.1', names: ['libgbm1'] },
  { file: 'libXss.so.1', names: ['libxss1'] },
]

/** Makes this machine fit for windows, and says whether it is. */
export function canShowWindows(): boolean {
  if (process.platform !== 'linux') return true
  if (missing().length === 0) return true
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false
  return onceOnThisMachine('packages', () => {
    aptGet('update')
    for (const { names } of missing()) names.some((name) => aptGet('install', name))
    return missing().length === 0
  })
}

/** Chromium's file, where there is one. */
export function findChromium(): string | undefined {
  if (!canShowWindows()) return undefined
  const known = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser']
  return [process.env.ANYWHERE_TEST_CHROMIUM ?? '', ...known].find((file) => existsSync(file))
}

function missing(): typeof wanted {
  const libraries = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' }).stdout
  return wanted.filter(({ file }) =>
    file.startsWith('bin/') ? !existsSync(`/usr/${file}`) : !libraries.includes(`\t${file} `),
  )
}

function aptGet(...words: readonly string[]): boolean {
  const flags = ['-q', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300']
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync('apt-get', [...flags, ...words], { env, stdio: 'ignore', timeout: 600_000 }).status === 0
}
