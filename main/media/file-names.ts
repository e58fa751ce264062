// Names that people give to things, as names of files on any of the usual systems.
import fs from 'node:fs'
import path from 'node:path'

/** Windows cannot have these, whatever their extension. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/i
/** Bytes: leaves room for a number, an extension and what marks an unfinished file within the usual 255. */
const mostBytes = 180

/** `name` as a file name without its extension: what a system forbids becomes '-'. Never empty. */
export function safeFileName(name: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  let safe = name.normalize('NFC').replace(/[\u0000-\u001f\u007f<>:"/\\|?*]/g, '-')
  while (Buffer.byteLength(safe) > mostBytes) safe = Array.from(safe).slice(0, -1).join('')
  safe = safe.replace(/^[\s.]+|[\s.]+$/g, '')
  if (safe === '') return 'clip'
  return reserved.test(safe) ? `_${safe}` : safe
}

/** The first of 'name', 'name 2', 'name 3'... that nothing in `folder` has, with the extension ('.mp4', or '' for a folder). */
export function freeName(folder: string, name: string, extension: string): string {
  for (let n = 1; ; n++) {
    const free = `${name}${n === 1 ? '' : ` ${n}`}${extension}`
    if (!fs.existsSync(path.join(folder, free))) return free
  }
}
