// What a window gets when it asks for a file: its own parts, or the studio's media with ranges. One answer for both hosts:
// Electron's protocol and the browser's server only carry it.
import { randomBytes } from 'node:crypto'
import { promises as fs } from 'node:fs'
import path from 'node:path'
import { windowFolder } from '../../media/resources'
import { contentSecurityPolicy, guardHeaders } from './policy'
import { parseRange } from './ranges'
import type { Span } from './ranges'

export interface Asked {
  readonly method: string
  /** As in a URL: encoded, without the query. */
  readonly pathname: string
  /** The Range header. */
  readonly range?: string | undefined
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Bytes in memory, or a part of a file to stream. Absent: nothing (HEAD, errors without a text). */
  readonly body?: Uint8Array | ({ readonly file: string } & Span)
}

/** What a media path means; see `Studio.media`. */
export type Media = (
  pathname: string,
) =>
  | { readonly file: string; readonly type: string; readonly download?: string }
  | { readonly bytes: Uint8Array; readonly type: string }
  | undefined

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

/** Vite leaves this where the page wants its nonce. */
const nonceMark = 'ANYWHERE_NONCE'
/** Vite names these after their content. */
const forever = 'private, max-age=31536000, immutable'

/** Never throws: what is not there, or not named properly, is a 404. */
export async function answer(asked: Asked, media: Media, folder = windowFolder): Promise<Answer> {
  if (asked.method !== 'GET' && asked.method !== 'HEAD') return refusal(405, { allow: 'GET, HEAD' })
  const found = asked.pathname.startsWith('/media/')
    ? await mediaAnswer(asked, media)
    : await windowAnswer(asked.pathname, folder)
  if (asked.method === 'GET') return found
  return { status: found.status, headers: found.headers }
}

async function mediaAnswer({ pathname, range }: Asked, media: Media): Promise<Answer> {
  const found = media(pathname)
  if (!found) return refusal(404)
  const headers: Record<string, string> = { ...guardHeaders, 'content-type': found.type }
  if ('bytes' in found)
    return {
      status: 200,
      headers: { ...headers, 'content-length': String(found.bytes.length), 'cache-control': 'no-store' },
      body: found.bytes,
    }
  const { file, download } = found
  const size = await fs.stat(file).then(
    (stat) => (stat.isFile() ? stat.size : undefined),
    () => undefined,
  )
  if (size === undefined) return refusal(404)
  if (download !== undefined)
    headers['content-disposition'] = `attachment; filename*=UTF-8''${encodeURIComponent(download)}`
  headers['accept-ranges'] = 'bytes'
  headers['cache-control'] = 'private, max-age=3600'
  const span = parseRange(range, size)
  if (span === 'unsatisfiable') return refusal(416, { 'content-range': `bytes */${size}`, 'accept-ranges': 'bytes' })
  if (span === 'whole') {
    const whole = { status: 200, headers: { ...headers, 'content-length': String(size) } }
    return size === 0 ? whole : { ...whole, body: { file, start: 0, end: size - 1 } }
  }
  headers['content-range'] = `bytes ${span.start}-${span.end}/${size}`
  headers['content-length'] = String(span.end - span.start + 1)
  return { status: 206, headers, body: { file, ...span } }
}

async function windowAnswer(pathname: string, folder: string): Promise<Answer> {
  const file = path.join(folder, pathname === '/' ? 'index.html' : decoded(pathname))
  const type = types[path.extname(file)]
  if (!file.startsWith(folder + path.sep) || type === undefined) return refusal(404)
  let body: Uint8Array
  try {
    body = await fs.readFile(file)
  } catch {
    return refusal(404)
  }
  const headers: Record<string, string> = { ...guardHeaders, 'content-type': type, 'cache-control': forever }
  if (type.startsWith('text/html')) {
    const nonce = randomBytes(16).toString('base64')
    body = Buffer.from(Buffer.from(body).toString('utf8').replaceAll(nonceMark, nonce))
    headers['cache-control'] = 'no-store'
    headers['content-security-policy'] = contentSecurityPolicy(nonce)
  }
  return { status: 200, headers: { ...headers, 'content-length': String(body.length) }, body }
}

function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return '' // no such file
  }
}

function refusal(status: number, headers: Record<string, string> = {}): Answer {
  const policy = { ...guardHeaders, 'content-security-policy': "default-src 'none'", 'cache-control': 'no-store' }
  return { status, headers: { ...policy, ...headers, 'content-length': '0' } }
}
