import fs from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer } from './server'
import type { Server } from './server'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'anywhere-serve-'))
const file = path.join(folder, 'big.mp4')
fs.writeFileSync(file, Buffer.alloc(3_000_000, 'abcdefghij'))
const calls: unknown[] = []
const server: Server = await startServer(
  {
    call: (method, input) => {
      calls.push([method, input])
      return Promise.resolve({ ok: true, value: input })
    },
    upload: (name, bytes) => Promise.resolve({ ok: true, value: `${name}:${bytes.length}` }),
    media: (pathname) => (pathname === '/media/a/file' ? { file, type: 'video/mp4' } : undefined),
  },
  { host: '127.0.0.1', port: 0 },
)
const { origin, port } = new URL(server.url)
let cookie = ''
const ask = (target: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
  fetch(origin + target, { ...init, headers: { cookie, origin, ...init.headers }, redirect: 'manual' })

beforeAll(async () => {
  const welcome = await fetch(server.url, { redirect: 'manual' })
  expect(welcome.status).toBe(302)
  expect(welcome.headers.get('location')).toBe('/')
  expect(welcome.headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Strict$/)
  cookie = welcome.headers.get('set-cookie')!.split(';')[0]!
})
afterAll(async () => {
  await server.close()
  fs.rmSync(folder, { recursive: true })
})

describe('without the token', () => {
  it.each(['/', '/?token=', '/?token=wrong', '/index.html', '/media/a/file', '/api/events', '/api/call/jobs.list'])(
    '%s is refused',
    async (target) => {
      expect((await fetch(origin + target)).status).toBe(401)
      expect((await fetch(origin + target, { headers: { cookie: `${cookie}x` } })).status).toBe(401)
    },
  )

  it('nothing can be posted', async () => {
    const request = { method: 'POST', body: 'null', headers: { origin } }
    expect((await fetch(`${origin}/api/call/jobs.list`, request)).status).toBe(401)
    expect((await fetch(`${origin}/api/upload?name=a`, request)).status).toBe(401)
  })

  it('the token opens the first page only', async () => {
    const token = new URL(server.url).searchParams.get('token')!
    expect((await fetch(`${origin}/api/events?token=${token}`)).status).toBe(401)
  })
})

describe('a name that somebody else made point here', () => {
  const withHost = (host: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { host, cookie }
      const request = http.get(
        { host: '127.0.0.1', port, path: '/media/a/file', method: 'HEAD', headers },
        (response) => {
          response.resume()
          resolve(response.statusCode!)
        },
      )
      request.on('error', reject)
    })

  it('is refused', async () => {
    expect(await withHost(`evil.example:${port}`)).toBe(403)
    expect(await withHost('127.0.0.1:1')).toBe(403)
    expect(await withHost(`127.0.0.1:${port}`)).toBe(200)
    expect(await withHost(`localhost:${port}`)).toBe(200)
  })
})

describe('a call', () => {
  const post = (target: string, body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}) =>
    ask(target, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })

  it('reaches the studio; null stands for no input', async () => {
    expect(await (await post('/api/call/library.list', '{"a":1}')).json()).toEqual({ ok: true, value: { a: 1 } })
    await post('/api/call/jobs.list', 'null')
    expect(calls).toEqual([
      ['library.list', { a: 1 }],
      ['jobs.list', undefined],
    ])
  })

  it('from another page, of another shape or of another kind is refused', async () => {
    expect((await post('/api/call/jobs.list', 'null', { origin: 'http://evil.example' })).status).toBe(403)
    expect((await post('/api/call/jobs.list', 'null', { origin: 'null' })).status).toBe(403)
    expect((await post('/api/call/jobs.list', '{')).status).toBe(400)
    expect((await post('/api/call/jobs.list', 'null', { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await post('/api/call/..%2f..%2fx', 'null')).status).toBe(404)
    expect((await ask('/api/call/jobs.list')).status).toBe(405)
    expect(calls).toHaveLength(2)
  })

  it('brings a file', async () => {
    const reply = await post(`/api/upload?name=${encodeURIComponent('Ä b.png')}`, new Uint8Array(100_000), {
      'content-type': 'application/octet-stream',
    })
    expect(await reply.json()).toEqual({ ok: true, value: 'Ä b.png:100000' })
  })
})

it('sends parts of media', async () => {
  const part = await ask('/media/a/file', { headers: { range: 'bytes=2000001-2000004' } })
  expect(part.status).toBe(206)
  expect(part.headers.get('content-range')).toBe('bytes 2000001-2000004/3000000')
  expect(await part.text()).toBe('bcde')
  expect((await ask('/media/a/file', { headers: { range: 'bytes=3000000-' } })).status).toBe(416)
  expect((await ask('/media/b/file')).status).toBe(404)
})

it('tells events to all who listen', async () => {
  const response = await ask('/api/events')
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  server.tell({ type: 'queue', paused: true })
  let heard = ''
  while (!heard.includes('}')) heard += (await reader.read()).value
  expect(heard).toContain('data: {"type":"queue","paused":true}\n\n')
  await reader.cancel()
})
