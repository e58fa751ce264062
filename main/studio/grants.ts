// Places on the disk that the user has chosen. A window is given a name for the place, never the right to say a path itself.
import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import path from 'node:path'
import type { z } from 'zod'
import type { Grant, choice } from '../api'
import { UserError } from '../media'

export type What = z.infer<typeof choice>['what']

const wanted: Record<What, string> = {
  'project-to-open': 'a project file',
  'project-to-save': 'a file to save to',
  'export-folder': 'a folder for exports',
  'dataset-folder': 'a folder of footage',
  'library-folder': 'a folder for the library',
  'model-folder': 'a model folder',
}

export class Grants {
  private readonly places = new Map<string, { what: What; path: string }>()

  /** Names the place `chosen` (absolute) that the user has picked for `what`. Throws UserError when it cannot be that. */
  add(what: What, chosen: string): Grant {
    if (!path.isAbsolute(chosen)) throw new UserError(`"${chosen}" is not a full path; begin with the disk's root`)
    const place = path.normalize(chosen)
    const stat = statSync(place, { throwIfNoEntry: false })
    const fits =
      what === 'project-to-save'
        ? !stat?.isDirectory()
        : what === 'project-to-open'
          ? stat?.isFile()
          : stat?.isDirectory()
    if (!fits) throw new UserError(`"${place}" is not ${wanted[what]}${stat ? '' : '; there is nothing of that name'}`)
    const grant = `grant_${randomBytes(8).toString('hex')}`
    this.places.set(grant, { what, path: place })
    return { grant, path: place }
  }

  /** The path behind a grant. Throws UserError when it is unknown or was given for something else. */
  path(grant: string, what: What): string {
    const place = this.places.get(grant)
    if (place?.what !== what)
      throw new UserError(`this is not ${wanted[what]} that was chosen since the app started; choose it again`)
    return place.path
  }
}
