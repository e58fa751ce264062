// How a file that training made on top of an imported folder says, in its metadata, which folder it belongs to.
import { z } from 'zod'
import { UserError } from '../../media/errors'
import { parseJson } from '../../motion/formats/json'

const schema = z.object({ dir: z.string(), hash: z.string() })

/** Where the folder lay, and `DiffusersFolder.hash`. */
export type BaseFolder = z.infer<typeof schema>

/** The "base" of a file's metadata. Throws UserError naming `source`. */
export function parseBaseFolder(base: string, source: string): BaseFolder {
  try {
    return schema.parse(parseJson(base))
  } catch {
    throw new UserError(`${source} does not say which model folder it belongs to (the "base" in its metadata)`)
  }
}
