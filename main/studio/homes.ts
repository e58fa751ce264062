// Where studios keep what they have when nobody says where, and what can be left in one of them while it is closed.
import { existsSync, mkdirSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Asset } from '../api'
import { UserError, appPackage } from '../media'
import { openDatabase } from './database'
import { AssetLibrary, libraryTables, openLibraryPlace } from './library'
import type { Reference } from './library'
import { beginSession } from './session'

/** The home of `anywhere serve`. */
export const serveHome = (): string => path.resolve(process.env.ANYWHERE_HOME ?? path.join(os.homedir(), '.anywhere'))

/** The homes of this user's studios: the app's and that of `anywhere serve`, those that are there; else the latter. */
export function usualHomes(): string[] {
  if (process.env.ANYWHERE_HOME) return [serveHome()]
  const there = [appHome(), serveHome()].filter((home) => existsSync(home))
  return there.length > 0 ? there : [serveHome()]
}

/** Electron's userData of the installed app. */
function appHome(): string {
  const home = os.homedir()
  const usual: Partial<Record<NodeJS.Platform, string>> = {
    win32: process.env.APPDATA ?? path.join(home, 'AppData', 'Roaming'),
    darwin: path.join(home, 'Library', 'Application Support'),
  }
  const folder = usual[process.platform] ?? process.env.XDG_CONFIG_HOME ?? path.join(home, '.config')
  return path.join(folder, appPackage().productName)
}

/** Makes the library in `home` refer to a model. Throws UserError when a studio that runs there has it for itself. */
export async function referInHome(home: string, model: Reference): Promise<{ asset: Asset; alreadyThere: boolean }> {
  const session = openSession(home)
  try {
    const place = await openLibraryPlace(home)
    mkdirSync(place.folder, { recursive: true })
    const database = openDatabase(path.join(place.folder, 'library.db'), [libraryTables])
    try {
      const library = new AssetLibrary({ database, place, onEvent: () => undefined })
      const referred = library.refer(model)
      await library.close()
      return referred
    } finally {
      database.close()
    }
  } finally {
    session.giveUp() // whether the last studio ended well is for the next one to find
  }
}

function openSession(home: string): ReturnType<typeof beginSession> {
  try {
    return beginSession(home)
  } catch (error) {
    if (error instanceof UserError && error.message.startsWith('another'))
      throw new UserError(
        `the studio is open in "${home}": import the folder there (Settings > Import model), or close it and try again`,
      )
    throw error
  }
}
