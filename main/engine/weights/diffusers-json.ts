// The JSON files of a diffusers folder: read with a limit, since they come from strangers, and refused in one line.
import { readFileSync } from 'node:fs'
import { reason, UserError } from '../../media/errors'
import { statOf } from '../../media/files'
import { parseJson } from '../../motion/formats/json'

/** The index of a model of a hundred thousand tensors has about 10 MB. */
const largestFile = 64 * 2 ** 20

export type JsonObject = Readonly<Record<string, unknown>>

/** The object in `file`. Throws UserError when it is missing, too large, or anything but a JSON object. */
export function readJsonObject(file: string): JsonObject {
  const stat = statOf(file)
  if (!stat?.isFile()) throw new UserError(`"${file}" is missing; download the folder again`)
  if (stat.size > largestFile)
    throw new UserError(`"${file}" has ${stat.size} bytes, too many for a JSON file of a model; download it again`)
  let json: unknown
  try {
    json = parseJson(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new UserError(`"${file}" is not JSON (${reason(error)}); download it again`)
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new UserError(`"${file}" is not a JSON object; download it again`)
  return json as JsonObject
}

/** A stranger's value for an error message: one line, not too long. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}
