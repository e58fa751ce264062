// What a project file says, and how one of an earlier version becomes one of today. A `.anywhere` file is a zip of project.json and
// the content of its assets, each under its own hash: assets/<sha256>.<ext>. Models are named by their hash and not in it.
import { z } from 'zod'
import { assetId, projectDocument, projectId, renderRequest, thingName } from '../../api'
import { UserError } from '../../media'

export const documentName = 'project.json'
export const assetEntryName = ({ sha256, extension }: { sha256: string; extension: string }): string =>
  `assets/${sha256}.${extension}`

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'no SHA-256')
const count = z.number().int().min(0)

const clipFacts = z.object({
  request: renderRequest,
  frames: count,
  fps: z.number().positive(),
  modelSha256: z.string().max(64),
  adapterSha256: z.string().max(64).optional(),
  engineVersion: z.string().max(100),
  renderSeconds: z.number().min(0),
})

/** What a file of each kind can be; anything else would not be shown, or would be more than shown. */
const extensions = {
  human: ['jpg', 'png', 'webp', 'gif', 'avif'],
  background: ['jpg', 'png', 'webp', 'gif', 'avif'],
  motion: ['json', 'bvh'],
  clip: ['mp4'],
} as const

const embedded = z
  .object({
    id: assetId,
    kind: z.enum(['human', 'background', 'motion', 'clip']),
    name: thingName,
    sha256,
    extension: z.string(),
    bytes: count,
    created: z.iso.datetime(),
    starred: z.boolean(),
    tags: z.array(z.string().min(1).max(40)).max(30),
    size: z.object({ width: count, height: count }).optional(),
    seconds: z.number().min(0).optional(),
    clip: clipFacts.optional(),
  })
  .refine(({ id, kind }) => id.startsWith(`${kind}_`), 'id of another kind')
  .refine(({ kind, extension }) => (extensions[kind] as readonly string[]).includes(extension), 'no file of this kind')
export type EmbeddedAsset = z.infer<typeof embedded>

const reference = z.object({ id: assetId, kind: z.enum(['model', 'adapter']), name: thingName, sha256 })

const project = z.object({
  id: projectId,
  document: projectDocument,
  assets: z
    .array(embedded)
    .max(60_000)
    .refine((assets) => new Set(assets.map(({ id }) => id)).size === assets.length, 'an id given twice'),
  /** Models and adapters that it needs and does not hold. */
  references: z.array(reference).max(100),
})
export type ProjectFile = z.infer<typeof project>

/** A project as the studio keeps it between two saves. */
const autosave = z.object({
  id: projectId,
  document: projectDocument,
  path: z.string().optional(),
  savedAt: z.string().optional(),
  changed: z.boolean(),
  /** SHA-256 of project.json as it was last saved to or opened from `path`. */
  saved: z.string().optional(),
})
export type Autosave = z.infer<typeof autosave>

const formats = { project: 'anywhere-project', autosave: 'anywhere-autosave' } as const

type Json = Readonly<Record<string, unknown>>
/** From version n to n + 1, at index n - 1: of a whole project or autosave, whose documents are alike. Published steps never change. */
export const migrations: readonly ((old: Json) => Json)[] = []

/** Brings what was read up to today's version. Throws UserError naming `file` for what is no project or one of a later version. */
export function upgrade(
  value: unknown,
  format: keyof typeof formats,
  file: string,
  steps: readonly ((old: Json) => Json)[] = migrations,
): Json {
  const head = z.object({ format: z.literal(formats[format]), version: z.number().int().min(1) }).safeParse(value)
  if (!head.success) throw new UserError(`"${file}" is not an AnimateAnywhere project`)
  const current = steps.length + 1
  const { version } = head.data
  if (version > current)
    throw new UserError(
      `"${file}" was made with a newer version of AnimateAnywhere (format ${version}, this one knows ${current}); update the app to open it`,
    )
  const upgraded = steps.slice(version - 1).reduce((old, step) => step(old), value as Json)
  return { ...upgraded, version: current }
}

export function parseProject(json: unknown, file: string): ProjectFile {
  return checked(project, upgrade(json, 'project', file), file)
}

export function parseAutosave(json: unknown, file: string): Autosave {
  return checked(autosave, upgrade(json, 'autosave', file), file)
}

export function projectJson(content: ProjectFile): string {
  return JSON.stringify({ format: formats.project, version: migrations.length + 1, ...content })
}

export function autosaveJson(content: Autosave): string {
  return JSON.stringify({ format: formats.autosave, version: migrations.length + 1, ...content })
}

function checked<T>(schema: z.ZodType<T>, json: unknown, file: string): T {
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw new UserError(`"${file}" is damaged (${issue.path.join('.') || 'content'}: ${issue.message})`)
}
