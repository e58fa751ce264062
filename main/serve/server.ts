// The studio over HTTP, for a browser: the same calls, uploads, events and media as in the app's own window.
import { createReadStream } from 'node:fs'
import http from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { uploadLimit } from '../api'
import type { Reply, StudioEvent } from '../api'
import { answer } from '../studio/web/answer'
import type { Answer, Media } from '../studio/web/answer'
import { guardHeaders } from '../studio/web/policy'
import { Session } from './session'

/** What of the studio is served. */
export interface Served {
  call(method: unknown, input: unknown): Promise<Reply>
  upload(name: string, bytes: Uint8Array): Promise<Reply>
  readonly media: Media
}

export interface Server {
  /** With the token: the address to open. */
  readonly url: string
  tell(event: StudioEvent): void
  close(): Promise<void>
}

/** Bytes of a call: a project with all its settings is far below. */
const callLimit = 16 * 2 ** 20
/** Seconds between signs of life on a silent line, for whatever stands between. */
const heartbeat = 15

/** Starts listening. `port` 0: any free one. Rejects when the port is taken. */
export async function startServer(studio: Served, { host, port }: { host: string; port: number }): Promise<Server> {
  const listeners = new Set<ServerResponse>()
  const server = http.createServer()
  server.requestTimeout = 0 // a large upload over a thin line may take its time
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const session = new Session(host, (server.address() as AddressInfo).port)

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!session.isCalled(request.headers.host)) return refuse(response, 403, 'this server is not called that')
    const url = parse(request)
    if (!url) return refuse(response, 400, 'this is no address')
    if (request.method === 'GET' && url.pathname === '/' && session.knowsToken(url.searchParams.get('token'))) {
      response.writeHead(302, { location: '/', 'set-cookie': session.cookie, 'cache-control': 'no-store' }).end()
      return
    }
    if (!session.knows(request)) return refuse(response, 401, 'open the address that "anywhere serve" printed')
    if (url.pathname.startsWith('/api/')) return api(request, response, url)
    const asked = { method: request.method ?? '', pathname: url.pathname, range: request.headers.range }
    await send(response, await answer(asked, studio.media))
  }

  async function api(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (url.pathname === '/api/events' && request.method === 'GET') {
      response.writeHead(200, { ...guardHeaders, 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write(':\n\n')
      listeners.add(response)
      response.once('close', () => listeners.delete(response))
      return
    }
    if (request.method !== 'POST') return refuse(response, 405, 'this is asked with POST')
    if (!session.isOwnPage(request)) return refuse(response, 403, 'this is asked from the studio itself only')
    const method = /^\/api\/call\/([\w.]+)$/.exec(url.pathname)?.[1]
    const name = url.pathname === '/api/upload' ? url.searchParams.get('name') : null
    if (method === undefined && name === null) return refuse(response, 404, 'there is no such thing here')
    // A form of another site cannot send these types.
    const [type, limit] =
      method === undefined ? ['application/octet-stream', uploadLimit] : ['application/json', callLimit]
    if (request.headers['content-type'] !== type) return refuse(response, 415, `this is sent as ${type}`)
    const body = await read(request, limit)
    if (!body) return refuse(response, 413, `at most ${limit} bytes are taken here`)
    if (method === undefined) return reply(response, await studio.upload(name!, body))
    const input = parseJson(body)
    if (!input) return refuse(response, 400, 'this is no JSON')
    // JSON has no undefined; a method without input is sent null.
    return reply(response, await studio.call(method, input.value ?? undefined))
  }

  server.on('request', (request, response) => {
    handle(request, response).catch(() => response.destroy()) // the browser has gone, or the file under our hands
  })
  const beat = setInterval(() => {
    for (const listener of listeners) listener.write(':\n\n')
  }, heartbeat * 1000)

  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return {
    url: `http://${shown}:${(server.address() as AddressInfo).port}/?token=${session.token}`,
    tell(event) {
      for (const listener of listeners) listener.write(`data: ${JSON.stringify(event)}\n\n`)
    },
    async close() {
      clearInterval(beat)
      server.close()
      server.closeAllConnections()
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

function parse(request: IncomingMessage): URL | undefined {
  // What begins with two slashes names another host.
  return request.url?.startsWith('/') && !request.url.startsWith('//')
    ? new URL(request.url, 'http://localhost')
    : undefined
}

/** The whole body, or undefined when it is longer than allowed. */
async function read(request: IncomingMessage, limit: number): Promise<Uint8Array | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return undefined
  const parts: Buffer[] = []
  let length = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length
    if (length > limit) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts, length)
}

function parseJson(body: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(Buffer.from(body).toString('utf8')) as unknown }
  } catch {
    return undefined
  }
}

function reply(response: ServerResponse, value: Reply): void {
  const body = Buffer.from(JSON.stringify(value))
  response.writeHead(200, {
    ...guardHeaders,
    'content-type': 'application/json',
    'content-length': body.length,
    'cache-control': 'no-store',
  })
  response.end(body)
}

async function send(response: ServerResponse, { status, headers, body }: Answer): Promise<void> {
  response.writeHead(status, headers)
  if (body === undefined || body instanceof Uint8Array) response.end(body)
  else await pipeline(createReadStream(body.file, { start: body.start, end: body.end }), response)
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, {
    ...guardHeaders,
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'close', // what is left of a body that was refused is not read
  })
  response.end(`${why}\n`)
}
