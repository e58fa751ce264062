// A folder of files as one ZIP, for where only single files can be handed over. Pictures are compressed already: they are only packed.
import { Zip, ZipPassThrough } from 'fflate'
import fs from 'node:fs/promises'
import path from 'node:path'
import { openPartial, unwritable } from './partials'

/** Packs the files of `folder` (not of folders in it) into `target`, under the folder's name. Whole or not at all. */
export async function zipFolder(folder: string, target: string, signal?: AbortSignal): Promise<void> {
  const partial = openPartial(target)
  try {
    const file = await fs.open(partial.path, 'w')
    try {
      const chunks: Uint8Array[] = []
      const zip = new Zip((error, chunk) => {
        if (error) throw error
        chunks.push(chunk)
      })
      const flush = async () => {
        for (const chunk of chunks.splice(0)) await file.write(chunk)
      }
      for (const name of (await fs.readdir(folder)).sort()) {
        signal?.throwIfAborted()
        const entry = new ZipPassThrough(`${path.basename(folder)}/${name}`)
        zip.add(entry)
        entry.push(await fs.readFile(path.join(folder, name)), true)
        await flush()
      }
      zip.end()
      await flush()
    } finally {
      await file.close()
    }
    partial.commit()
  } catch (error) {
    partial.discard()
    throw error instanceof Error && 'code' in error && error.code === 'ENOSPC' ? unwritable(target, error) : error
  }
}
