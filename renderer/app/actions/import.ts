// Files into the library: handed over one by one, imported, put on the project's table.
import { uploadLimit } from '../../../main/api'
import type { Asset, AssetKind, ImportOutcome } from '../../../main/api'
import { call, upload } from '../client'
import { documentNow, history, note } from '../stores/project'
import { ask } from '../stores/prompt'
import { complain, dismiss, say, useUi } from '../stores/ui'
import { onTable, restoreAssets, withAssets, withoutAssets } from './document'
import { nameOf } from './library'

/** What a picture can be. */
export type PictureKind = 'human' | 'background'

const pictureName = /\.(png|jpe?g|webp|avif|tiff?|gif|bmp|heic)$/i
export const isPicture = (file: { readonly name: string; readonly type: string }): boolean =>
  file.type.startsWith('image/') || pictureName.test(file.name)

/** The kind that the library's tab gives pictures. */
export const pictureKindOf = (tab: AssetKind): PictureKind | undefined =>
  tab === 'human' || tab === 'background' ? tab : undefined

async function askKind(pictures: readonly File[]): Promise<PictureKind | undefined> {
  const answer = await ask({
    title: pictures.length === 1 ? `What is ${pictures[0]!.name}?` : `What are these ${pictures.length} pictures?`,
    text: 'A human is cut out and moves; a place stands behind.',
    answers: [
      { value: 'human', label: pictures.length === 1 ? 'A human' : 'Humans', variant: 'primary' },
      { value: 'background', label: pictures.length === 1 ? 'A place' : 'Places' },
    ],
  })
  return answer ? (answer.value as PictureKind) : undefined
}

/** Imports `files`; asks what pictures are when `kind` is not given. Everything that goes wrong is said, file by file. */
export async function importFiles(files: readonly File[], kind?: PictureKind): Promise<void> {
  const pictures = files.filter(isPicture)
  const others = files.filter((file) => !isPicture(file))
  const pictureKind = pictures.length > 0 ? (kind ?? (await askKind(pictures))) : undefined
  const wanted = pictureKind ? [...pictures, ...others] : others
  if (wanted.length === 0) return
  const busy = say('busy', wanted.length === 1 ? `Importing ${wanted[0]!.name}…` : `Importing ${wanted.length} files…`)
  try {
    const outcomes = [
      ...(pictureKind ? await bring(pictures, pictureKind) : []),
      ...(others.length > 0 ? await bring(others, undefined) : []),
    ]
    settle(outcomes)
  } catch (error) {
    complain(error)
  } finally {
    dismiss(busy)
  }
}

async function bring(files: readonly File[], kind: PictureKind | undefined): Promise<ImportOutcome[]> {
  const outcomes: ImportOutcome[] = []
  const uploads: string[] = []
  for (const file of files)
    if (file.size > uploadLimit)
      outcomes.push({ file: file.name, error: 'is larger than 1 GB; use a smaller or shorter version' })
    else uploads.push(await upload(file))
  if (uploads.length > 0) outcomes.push(...(await call('library.import', { uploads, ...(kind ? { kind } : {}) })))
  return outcomes
}

/** Says what came of it, and makes it one undoable step. */
function settle(outcomes: readonly ImportOutcome[]): void {
  const failed = outcomes.filter((outcome) => 'error' in outcome)
  for (const { file, error } of failed.slice(0, 3)) say('error', `${file}: ${error}`)
  if (failed.length > 3) say('error', `${failed.length - 3} more files could not be imported.`)

  const imported = outcomes.filter((outcome) => 'asset' in outcome)
  const before = documentNow()
  if (imported.length === 0 || !before) return
  const assets = imported.map(({ asset }) => asset)
  const fresh = imported.filter(({ alreadyThere }) => !alreadyThere).map(({ asset }) => asset)
  note((document) => withAssets(document, assets))
  remember(assets, fresh)
  show(assets.at(-1)!)
  if (fresh.length === 0)
    say('info', `${assets.length === 1 ? assets[0]!.name : 'All of it'} was in the library already.`)
  else say('info', `${fresh.length === 1 ? fresh[0]!.name : nameOf(fresh.map(({ id }) => id))} imported.`)
}

function remember(assets: readonly Asset[], fresh: readonly Asset[]): void {
  const added = new Set(assets.map(({ id }) => id))
  const ids = fresh.map(({ id }) => id)
  let after = documentNow()!
  history.remember({
    label: `Import ${assets.length === 1 ? assets[0]!.name : `${assets.length} files`}`,
    undo: async () => {
      after = documentNow()!
      if (ids.length > 0) await call('library.remove', { ids })
      note((document) => withoutAssets(document, added))
    },
    redo: async () => {
      if (ids.length > 0) await call('library.restore', { ids })
      note((document) => restoreAssets(document, after, added))
    },
  })
}

function show({ kind }: Asset): void {
  if (onTable(kind) || kind === 'clip') useUi.setState({ tab: kind })
}

/** Lets the artist pick files with the browser's own dialog. [] when cancelled. */
export function pickFiles(options: { readonly accept?: string; readonly multiple?: boolean } = {}): Promise<File[]> {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = options.multiple ?? true
  if (options.accept) input.accept = options.accept
  return new Promise((resolve) => {
    input.onchange = () => resolve([...(input.files ?? [])])
    input.oncancel = () => resolve([])
    input.click()
  })
}
