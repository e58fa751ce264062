// The names by which a window may speak of things. None of them is a path: what is not such a name is refused at the edge.
import { z } from 'zod'

/** 'human_1f0c…': kind and 16 hexadecimal digits. */
export const assetId = z.string().regex(/^(human|background|motion|clip|model|adapter)_[0-9a-f]{16}$/, 'no asset id')
export const jobId = z.string().regex(/^job_[0-9a-f]{16}$/, 'no job id')
export const projectId = z.string().regex(/^project_[0-9a-f]{16}$/, 'no project id')
/** A file that the window has handed over (see Bridge.upload), kept for an hour. */
export const uploadId = z.string().regex(/^upload_[0-9a-f]{16}$/, 'no upload id')
/** A place on the disk that the user has chosen in a dialog (see host.choose): the window never names a path itself. */
export const grantId = z.string().regex(/^grant_[0-9a-f]{16}$/, 'no grant id')

/** What the user calls a thing: one line, no control characters. */
export const thingName = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^\P{Cc}*$/u, 'control characters in a name')
