// Writing a zip piece by piece: the window is served in between, memory holds one piece, and the file has its name only when it is whole.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import fs from 'node:fs/promises'
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'
import { UserError } from '../../media'
import { openPartial, unwritable } from '../../media/partials'

export interface ZipSource {
  readonly name: string
  /** Text is packed; a file is read as it is. */
  readonly content:
    { readonly text: string } | { readonly file: string; readonly sha256: string; readonly called: string }
}

/** Pictures and videos are packed already. */
const packable = /\.(json|bvh)$/

/** Throws UserError when the target cannot be written or a file is not what its hash says; the old target is then still there. */
export async function writeZip(target: string, sources: readonly ZipSource[]): Promise<void> {
  const partial = openPartial(target)
  try {
    const handle = await fs.open(partial.path, 'w')
    try {
      await writeSources(handle, sources)
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    partial.discard()
    throw error instanceof UserError ? error : unwritable(target, error)
  }
  partial.commit()
}

async function writeSources(handle: fs.FileHandle, sources: readonly ZipSource[]): Promise<void> {
  const ready: Uint8Array[] = []
  let fault: Error | null = null
  const zip = new Zip((error, chunk) => {
    fault ??= error
    ready.push(chunk)
  })
  const drain = async (): Promise<void> => {
    if (fault) throw fault
    for (const chunk of ready.splice(0))
      for (let done = 0; done < chunk.length;) done += (await handle.write(chunk, done)).bytesWritten
  }
  for (const { name, content } of sources) {
    const entry = packable.test(name) ? new ZipDeflate(name, { level: 6 }) : new ZipPassThrough(name)
    zip.add(entry)
    if ('text' in content) entry.push(Buffer.from(content.text), true)
    else {
      const hash = createHash('sha256')
      for await (const chunk of createReadStream(content.file, { highWaterMark: 2 ** 18 })) {
        hash.update(chunk as Buffer)
        entry.push(chunk as Buffer, false)
        await drain()
      }
      entry.push(new Uint8Array(0), true)
      if (hash.digest('hex') !== content.sha256)
        throw new UserError(`the file of "${content.called}" in the library is damaged; remove it and import it again`)
    }
    await drain()
  }
  zip.end()
  await drain()
}
