// The samples that come with the app: copied into the library at the first start, so that there is something to render at once.
import { readdirSync } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { defaultSettings } from '../api'
import type { Asset, AssetKind, ProjectDocument } from '../api'
import { resource } from '../media'
import { hashOf } from './library/contents'
import type { AssetLibrary } from './library'
import { importFiles } from './library'

const folders = { human: 'humans', background: 'backgrounds', motion: 'motions' } as const
/** The sample project begins with these. */
const chosen = { human: 'Mara', background: 'Promenade', motion: 'Walk' } as const
type SampleKind = keyof typeof folders

/** The samples of each kind in the order of their names. Those that the library lacks are taken in, those in the trash come back. */
export async function ensureSamples(library: AssetLibrary): Promise<Record<SampleKind, Asset[]>> {
  const samples: Record<SampleKind, Asset[]> = { human: [], background: [], motion: [] }
  for (const [kind, folder] of Object.entries(folders) as [SampleKind, string][])
    for (const name of readdirSync(resource(folder)).sort())
      samples[kind].push(await ensure(library, kind, path.join(resource(folder), name)))
  return samples
}

async function ensure(library: AssetLibrary, kind: AssetKind, file: string): Promise<Asset> {
  const there = library.withContent(kind, await hashOf(file))
  if (there) {
    library.restore([there.id])
    return there
  }
  const copy = library.contents.workFile(path.extname(file).slice(1))
  await fs.copyFile(file, copy)
  const base = path.basename(file)
  const name = base.charAt(0).toUpperCase() + base.slice(1)
  const [outcome] = await importFiles(library, [{ file: copy, name }], { kind, tags: ['sample'] })
  if (!outcome || 'error' in outcome) throw new Error(`sample ${file}: ${outcome?.error}`)
  return outcome.asset
}

/** All samples on the table, one of each chosen. */
export function sampleDocument(samples: Record<SampleKind, Asset[]>): ProjectDocument {
  const ids = (kind: SampleKind) => samples[kind].map(({ id }) => id)
  const first = (kind: SampleKind) =>
    (samples[kind].find(({ name }) => name === chosen[kind]) ?? samples[kind][0])?.id ?? null
  return {
    name: 'Sample',
    humans: ids('human'),
    backgrounds: ids('background'),
    motions: ids('motion'),
    chosen: { human: first('human'), background: first('background'), motion: first('motion') },
    settings: defaultSettings,
    clips: [],
  }
}
