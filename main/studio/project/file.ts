// Project files in and out of the library. Saving leaves nothing behind but the whole file; opening believes nothing: every asset is
// unpacked beside the library, hashed and examined before the first one is taken in.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import fs from 'node:fs/promises'
import type { Asset, ProjectDocument } from '../../api'
import { parseJson } from '../../motion'
import { UserError, isUserError, reason } from '../../media'
import { unwritable } from '../../media/partials'
import type { AssetLibrary } from '../library'
import { newId } from '../library'
import { examine, natureOf } from '../library/examine'
import { flush } from '../library/contents'
import { idsOf, withIds } from './document'
import { assetEntryName, documentName, parseProject, projectJson } from './format'
import type { EmbeddedAsset, ProjectFile } from './format'
import { ZipError, ZipReader } from './zip-reader'
import { writeZip } from './zip-writer'

/** A zip of this kind has 32 bits for places and 16 for counts. */
const mostBytes = 2 ** 32 - 2 ** 26
const mostEntries = 65_000
const longestDocument = 64 * 2 ** 20

export interface SavedProject {
  /** SHA-256 of its project.json. */
  readonly saved: string
  /** What the file does not hold, one line each, for the user. */
  readonly notices: readonly string[]
}

/** Writes the project with all its assets to `target`. Throws UserError; the old file is then untouched. */
export async function saveProject(
  library: AssetLibrary,
  target: string,
  id: string,
  document: ProjectDocument,
): Promise<SavedProject> {
  const notices: string[] = []
  const assets: Asset[] = []
  const gone: string[] = []
  for (const one of idsOf(document)) {
    const asset = library.get(one)
    if (!asset || library.isTrashed(one)) continue
    if (existsSync(library.contents.fileOf(asset))) assets.push(asset)
    else gone.push(asset.name)
  }
  if (gone.length > 0)
    notices.push(
      `Not in the project file, because gone from the library's folder: ${gone.slice(0, 5).join(', ')}${gone.length > 5 ? ' and more' : ''}`,
    )
  const { model, adapter } = document.settings
  const references = [model, adapter].flatMap((one) => (one && one !== 'mini' ? (library.get(one) ?? []) : []))
  for (const { kind, name } of references)
    notices.push(`The ${kind} "${name}" is not in the project file; to open it elsewhere, take the ${kind} along`)

  const held = new Set([...assets, ...references].map((asset) => asset.id))
  const text = projectJson({
    id,
    document: withIds(document, (one) => (held.has(one) ? one : undefined)),
    assets: assets as EmbeddedAsset[],
    references: references.map(({ id: own, kind, name, sha256 }) => ({
      id: own,
      kind,
      name,
      sha256,
    })) as ProjectFile['references'],
  })
  const contents = [...new Map(assets.map((asset) => [asset.sha256, asset])).values()]
  const bytes = contents.reduce((sum, asset) => sum + asset.bytes + 300, text.length)
  if (bytes > mostBytes || contents.length >= mostEntries)
    throw new UserError(
      `cannot save "${target}": the project has ${(bytes / 2 ** 30).toFixed(1)} GB in ${contents.length} files, a project file holds 4 GB; remove clips from it`,
    )
  await writeZip(target, [
    { name: documentName, content: { text } },
    ...contents.map((asset) => ({
      name: assetEntryName(asset),
      content: { file: library.contents.fileOf(asset), sha256: asset.sha256, called: asset.name },
    })),
  ])
  return { saved: createHash('sha256').update(text).digest('hex'), notices }
}

export interface OpenedProject extends SavedProject {
  /** The one in the file. */
  readonly id: string
  /** In this library's ids. */
  readonly document: ProjectDocument
}

/**
 * Reads the project in `file`, which the user calls `called`, and takes what the library lacks into it. Only inside
 * library.exclusive. Throws UserError for everything that is not a whole project; nothing has then changed.
 */
export async function openProject(library: AssetLibrary, file: string, called: string): Promise<OpenedProject> {
  const staged = new Map<string, Staged>()
  try {
    const zip = await ZipReader.open(file)
    try {
      const main = zip.entries.get(documentName)
      if (!main) throw new UserError(`"${called}" is not an AnimateAnywhere project`)
      const bytes = await zip.read(main, longestDocument)
      const project = parseProject(parseJson(new TextDecoder().decode(bytes)), called)
      await assertRoom(library, zip, called)
      for (const asset of project.assets)
        if (!staged.has(assetEntryName(asset))) staged.set(assetEntryName(asset), await stage(library, zip, asset))
      const saved = createHash('sha256').update(bytes).digest('hex')
      return { id: project.id, saved, ...(await takeIn(library, project, staged)) }
    } finally {
      await zip.close()
    }
  } catch (error) {
    if (isUserError(error)) throw error
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') throw new UserError(`cannot open "${called}": it is not there any more`)
    if (code === 'EACCES' || code === 'EISDIR') throw new UserError(`cannot open "${called}": it cannot be read`)
    if (error instanceof ZipError || error instanceof SyntaxError)
      throw new UserError(`cannot open "${called}": it is damaged or no project (${reason(error)})`)
    throw error
  } finally {
    for (const { file: work } of staged.values()) if (work) await fs.rm(work, { force: true })
  }
}

interface Staged {
  /** Where it was unpacked; absent when the library has the same content. */
  readonly file?: string
  /** Of an asset of this kind. */
  readonly kind: EmbeddedAsset['kind']
  readonly thumbnail?: Uint8Array
}

/** Unpacks an asset beside the library and proves that it is what the project says. */
async function stage(library: AssetLibrary, zip: ZipReader, asset: EmbeddedAsset): Promise<Staged> {
  const { kind, name, sha256, extension } = asset
  const entry = zip.entries.get(assetEntryName(asset))
  if (!entry) throw new ZipError(`the file of "${name}" is missing`)
  if (library.withContent(kind, sha256) && existsSync(library.contents.fileOf(asset))) {
    if ((await hashOf(zip.stream(entry))) !== sha256) throw new ZipError(`the file of "${name}" was changed`)
    return { kind }
  }
  const work = library.contents.workFile(extension)
  const workFile = (other: string): string => library.contents.workFile(other)
  try {
    if ((await hashOf(written(zip.stream(entry), work))) !== sha256)
      throw new ZipError(`the file of "${name}" was changed`)
    await flush(work)
    if (kind === 'clip') {
      if ((await natureOf(work)) !== 'video') throw new ZipError(`"${name}" is no video`)
      return { file: work, kind }
    }
    const { thumbnail, instead, ...known } = await examine(work, name, kind, workFile)
    if (instead) await fs.rm(instead, { force: true })
    if (known.kind !== kind || known.extension !== extension) throw new ZipError(`"${name}" is not what it should be`)
    return { file: work, kind, ...(thumbnail ? { thumbnail } : {}) }
  } catch (error) {
    await fs.rm(work, { force: true })
    throw error
  }
}

async function hashOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}

/** Passes the pieces on when they are in the file. Throws UserError when it cannot be written. */
async function* written(pieces: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array, void> {
  const handle = await fs.open(file, 'w').catch((error: unknown) => {
    throw unwritable(file, error)
  })
  try {
    for await (const piece of pieces) {
      await handle.writeFile(piece).catch((error: unknown) => {
        throw unwritable(file, error)
      })
      yield piece
    }
  } finally {
    await handle.close()
  }
}

/** Refuses what could not be unpacked anyway, before anything is. */
async function assertRoom(library: AssetLibrary, zip: ZipReader, called: string): Promise<void> {
  const { bavail, bsize } = await fs.statfs(library.contents.folder)
  const needed = [...zip.entries.values()].reduce((sum, { size }) => sum + size, 0)
  if (needed > bavail * bsize)
    throw new UserError(
      `cannot open "${called}": it needs ${Math.ceil(needed / 2 ** 20)} MB, the library's disk has ${Math.floor((bavail * bsize) / 2 ** 20)} MB left`,
    )
}

/** Everything was proved: the library takes in what it lacks, and the project speaks of it by the library's own names. */
async function takeIn(
  library: AssetLibrary,
  { assets, references, document }: ProjectFile,
  staged: ReadonlyMap<string, Staged>,
): Promise<{ document: ProjectDocument; notices: string[] }> {
  const notices: string[] = []
  const known = new Map<string, string>()
  for (const { id, kind, name, sha256 } of references) {
    const there = library.withContent(kind, sha256)
    if (there) known.set(id, there.id)
    else
      notices.push(
        `The ${kind} "${name}" is not in this library; ${kind === 'model' ? 'the bundled model takes its place' : 'clips are made without it'}`,
      )
  }
  const rename = (id: string): string | undefined => known.get(id)
  // Clips last: they remember what they were made of by the names that the others get.
  const clipsLast = [...assets].sort((a, b) => Number(a.kind === 'clip') - Number(b.kind === 'clip'))
  for (const asset of clipsLast) {
    const namesake = library.get(asset.id)
    const there =
      namesake?.sha256 === asset.sha256
        ? namesake
        : asset.kind === 'clip'
          ? undefined
          : library.withContent(asset.kind, asset.sha256)
    const { file, kind, thumbnail } = staged.get(assetEntryName(asset))!
    if (there && existsSync(library.contents.fileOf(there))) {
      library.restore([there.id])
      known.set(asset.id, there.id)
      continue
    }
    // Two assets may share one file (a picture that is human and place): the first took it away.
    const content = file && existsSync(file) ? file : await copyOf(library, asset)
    if (there) {
      await library.contents.take(content, asset.extension)
      known.set(asset.id, there.id)
      continue
    }
    const { clip, ...entry } = asset
    const id = namesake ? newId(asset.kind) : asset.id
    const kept = await library.keep(content, {
      ...entry,
      id,
      thumbnail: (kind === asset.kind && thumbnail) || 'later',
      ...(clip ? { clip: { ...clip, request: { ...clip.request, ...renamedRequest(clip.request, rename) } } } : {}),
    })
    known.set(asset.id, kept.asset.id)
  }
  return { document: withIds(document, rename), notices }
}

type Request = NonNullable<EmbeddedAsset['clip']>['request']

/** What a clip was made of, where that came along; else the name it had. */
function renamedRequest(
  { human, background, motion, settings }: Request,
  rename: (id: string) => string | undefined,
): Partial<Request> {
  return {
    human: rename(human) ?? human,
    background: rename(background) ?? background,
    motion: rename(motion) ?? motion,
    settings: {
      ...settings,
      model: settings.model === 'mini' ? 'mini' : (rename(settings.model) ?? settings.model),
      adapter: settings.adapter && (rename(settings.adapter) ?? settings.adapter),
    },
  }
}

async function copyOf(library: AssetLibrary, asset: EmbeddedAsset): Promise<string> {
  const copy = library.contents.workFile(asset.extension)
  await fs.copyFile(library.contents.fileOf(asset), copy)
  return copy
}
