// What the user prefers: a small JSON file in the studio's home. It is kept, never undone.
import { existsSync, readFileSync, renameSync } from 'node:fs'
import { preferences as schema } from '../api'
import type { Preferences } from '../api'
import { writeJsonAtomic } from '../media'

const defaults: Preferences = { presets: [], layout: {}, device: 'auto' }

export interface PreferencesFile {
  get(): Preferences
  /** Replaces what is given, keeps the rest. Throws UserError when it cannot be written. */
  set(change: Partial<Preferences>): Preferences
}

/** Reads the preferences; a broken file is put aside as *.broken and the defaults are used. */
export function openPreferences(file: string): PreferencesFile {
  let current = read(file)
  return {
    get: () => current,
    set(change) {
      const given = Object.entries(change).filter(([, value]) => value !== undefined)
      const next = { ...current, ...(Object.fromEntries(given) as Partial<Preferences>) }
      writeJsonAtomic(file, next)
      return (current = next)
    },
  }
}

function read(file: string): Preferences {
  if (!existsSync(file)) return defaults
  try {
    // What a newer version has added is dropped, what it has left out is the default.
    return schema.parse({ ...defaults, ...(JSON.parse(readFileSync(file, 'utf8')) as object) })
  } catch {
    renameSync(file, `${file}.broken`)
    return defaults
  }
}
