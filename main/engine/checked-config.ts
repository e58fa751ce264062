// Configs of strangers (a model folder's config.json files) against the schema of what this implementation has.
import type { z } from 'zod'
import { UserError } from '../media/errors'

/** `json` as `schema` has it. Throws UserError that names `source`, the `kind` of config ('VAE') and the first value that is wrong. */
export function checkedConfig<S extends z.ZodType>(
  schema: S,
  json: unknown,
  source: string,
  kind: string,
): z.output<S> {
  const result = schema.safeParse(json)
  if (result.success) return result.data
  const { path, message } = result.error.issues[0]!
  throw new UserError(`${source}: ${kind} config ${path.join('.') || 'as a whole'}: ${message}`)
}
