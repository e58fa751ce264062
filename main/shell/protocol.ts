// anywhere://studio: the window's own files and the studio's media, with ranges, so that clips can be scrubbed.
import { protocol } from 'electron'
import { promises as fs } from 'node:fs'
import type { Studio } from '../studio/studio'
import { answer } from '../studio/web/answer'
import type { Answer } from '../studio/web/answer'
import { isStudioUrl, scheme } from './origin'

/** Bytes read at once. */
const piece = 2 ** 19

/** Makes the scheme a proper one: with an origin, secure, streaming. Call before the app is ready. */
export function claimScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true }
  protocol.registerSchemesAsPrivileged([{ scheme, privileges }])
}

/** Answers every request for the scheme; media waits for the studio, the window does not. */
export function serveScheme(studio: Promise<Studio>): void {
  protocol.handle(scheme, async (request) => {
    if (!isStudioUrl(request.url)) return new Response(null, { status: 404 })
    const { pathname } = new URL(request.url)
    const range = request.headers.get('range') ?? undefined
    const opened = pathname.startsWith('/media/') ? await studio : undefined
    return respond(await answer({ method: request.method, pathname, range }, (path) => opened?.media(path)))
  })
}

function respond({ status, headers, body }: Answer): Response {
  const content =
    body === undefined ? null : body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : stream(body)
  return new Response(content, { status, headers })
}

/**
 * A part of a file, read as fast as it is wanted. The file is opened for each piece: a player that has seen enough does not
 * always say so, and nothing may stay open after it.
 */
function stream({ file, start, end }: Exclude<Answer['body'], Uint8Array | undefined>): ReadableStream<Uint8Array> {
  let at = start
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const bytes = await readPiece(file, at, Math.min(piece, end - at + 1))
        at += bytes.length
        if (bytes.length > 0) controller.enqueue(bytes)
        if (bytes.length === 0 || at > end) controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}

async function readPiece(file: string, at: number, length: number): Promise<Uint8Array> {
  const handle = await fs.open(file)
  try {
    const buffer = new Uint8Array(length)
    const { bytesRead } = await handle.read(buffer, 0, length, at)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
