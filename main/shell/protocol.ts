// anywhere://studio: the window's own files and the studio's media, with ranges, so that clips can be scrubbed.
import { protocol } from 'electron'
import { promises as fs } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import type { Studio } from '../studio/studio'
import { answer } from '../studio/web/answer'
import type { Answer } from '../studio/web/answer'
import { isStudioUrl, scheme } from './origin'

/** Bytes read at once. */
const piece = 2 ** 18

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

/** A part of a file, read as fast as it is wanted; a player that has seen enough of it closes it. */
function stream({ file, start, end }: Exclude<Answer['body'], Uint8Array | undefined>): ReadableStream<Uint8Array> {
  let handle: FileHandle | undefined
  let at = start
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          handle ??= await fs.open(file)
          const buffer = new Uint8Array(Math.min(piece, end - at + 1))
          const { bytesRead } = await handle.read(buffer, 0, buffer.length, at)
          at += bytesRead
          if (bytesRead > 0) controller.enqueue(buffer.subarray(0, bytesRead))
          if (bytesRead > 0 && at <= end) return
          controller.close()
        } catch (error) {
          controller.error(error)
        }
        await handle?.close()
      },
      async cancel() {
        await handle?.close()
      },
    },
    { highWaterMark: 0 },
  )
}
