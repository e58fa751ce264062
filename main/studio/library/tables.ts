// The library's table, and how a row of it becomes an asset.
import type { Asset, AssetKind, ClipFacts } from '../../api'
import type { Row, Tables, Value } from '../database'

export const libraryTables: Tables = {
  module: 'library',
  steps: [
    `CREATE TABLE assets (
       id TEXT PRIMARY KEY,
       kind TEXT NOT NULL,
       name TEXT NOT NULL,
       sha256 TEXT NOT NULL,
       extension TEXT NOT NULL,
       bytes INTEGER NOT NULL,
       created TEXT NOT NULL,
       starred INTEGER NOT NULL,
       tags TEXT NOT NULL,
       width INTEGER,
       height INTEGER,
       seconds REAL,
       clip TEXT,
       trashed TEXT
     );
     CREATE INDEX assets_by_kind ON assets (kind, trashed);
     CREATE INDEX assets_by_content ON assets (sha256);
     CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);`,
    `ALTER TABLE assets ADD COLUMN folder TEXT;`,
    // Clips made before hints had a strength.
    `UPDATE assets SET clip = json_insert(clip, '$.request.settings.hintStrength', 1) WHERE clip IS NOT NULL;`,
  ],
}

export const columns =
  'id, kind, name, sha256, extension, bytes, created, starred, tags, width, height, seconds, clip, trashed, folder'

export function assetOf(row: Row): Asset {
  const { width, height, seconds, clip, folder } = row
  return {
    id: String(row.id),
    kind: String(row.kind) as AssetKind,
    name: String(row.name),
    sha256: String(row.sha256),
    extension: String(row.extension),
    bytes: Number(row.bytes),
    created: String(row.created),
    starred: row.starred === 1,
    tags: JSON.parse(String(row.tags)) as string[],
    ...(width !== null && height !== null ? { size: { width: Number(width), height: Number(height) } } : {}),
    ...(seconds !== null ? { seconds: Number(seconds) } : {}),
    ...(clip !== null ? { clip: JSON.parse(String(clip)) as ClipFacts } : {}),
    ...(folder !== null ? { folder: String(folder) } : {}),
  }
}

/** An asset's values in the order of `columns`; it is not in the trash. */
export function valuesOf(asset: Asset): Value[] {
  const { id, kind, name, sha256, extension, bytes, created, size, seconds, clip, folder } = asset
  return [
    ...[id, kind, name, sha256, extension, bytes, created],
    asset.starred ? 1 : 0,
    JSON.stringify(asset.tags),
    size?.width ?? null,
    size?.height ?? null,
    seconds ?? null,
    clip ? JSON.stringify(clip) : null,
    null,
    folder ?? null,
  ]
}
