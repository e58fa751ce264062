// sharp, the picture library, made ready for Electron on Linux. Electron brings the system's GLib; sharp brings its own, inside libvips.
// The linker would give sharp's binding the functions of the first and the objects of the second, so that no picture's memory is
// ever freed (3 MB a picture, measured). Loaded with RTLD_DEEPBIND, the binding finds the functions it was built with. libvips
// itself is loaded before and in the usual way: it must share the allocator with everybody else.
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import type sharpFunction from 'sharp'
import { packageFolder } from './resources'

const { RTLD_NOW, RTLD_DEEPBIND } = os.constants.dlopen

if (process.platform === 'linux' && process.versions.electron) {
  const libraryOf = (name: string, start: string): string => {
    const folder = path.join(packageFolder(`@img/${name}-linux-${process.arch}`), 'lib')
    return path.join(
      folder,
      readdirSync(folder).find((file) => file.startsWith(start))!,
    )
  }
  try {
    process.dlopen({ exports: {} }, libraryOf('sharp-libvips', 'libvips-cpp'), RTLD_NOW)
  } catch {
    // Node says that it is no addon, which is true; it stays loaded, which is what matters.
  }
  process.dlopen({ exports: {} }, libraryOf('sharp', 'sharp-linux'), RTLD_NOW | RTLD_DEEPBIND)
}

/** Everything of the house that touches a picture uses this one. */
export const sharp = createRequire(import.meta.url)('sharp') as typeof sharpFunction
