// Where the library is: below the studio's home unless the user has moved it. A small file at home says so, and of a move that was
// cut off, which of the two folders is to be cleared away.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { UserError, reason, writeJsonAtomic } from '../../media'
import { removeLibraryIn } from './contents'

const schema = z.object({ folder: z.string().min(1), leaving: z.string().min(1).optional() })
type Place = z.infer<typeof schema>

export interface LibraryPlace {
  readonly folder: string
  write(place: Place): void
}

/** Reads the place, and finishes what a move has left undone. Throws UserError when the file that names it is broken. */
export async function openLibraryPlace(home: string): Promise<LibraryPlace> {
  const file = path.join(home, 'library.json')
  let place = read(file) ?? { folder: path.join(home, 'library') }
  const write = (next: Place): void => {
    writeJsonAtomic(file, next)
    place = next
  }
  if (place.leaving) {
    await removeLibraryIn(place.leaving)
    write({ folder: place.folder })
  }
  return {
    get folder() {
      return place.folder
    },
    write,
  }
}

function read(file: string): Place | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined // never moved
  }
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    throw new UserError(
      `"${file}" should name the library's folder but is broken (${reason(error)}); correct it or remove it`,
    )
  }
}
