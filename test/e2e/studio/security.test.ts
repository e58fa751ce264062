// `anywhere serve` against those who have no business there: no token, another site's page, a rebound name, a path for an id.
import fs from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { killAll } from '../../support/processes'
import { serve } from '../../support/serve'
import type { Served } from '../../support/serve'

let home: string
let studio: Served

beforeAll(async () => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'anywhere-security-'))
  studio = await serve(home)
})

afterAll(async () => {
  await studio?.stop()
  killAll()
  fs.rmSync(home, { recursive: true, force: true })
})

interface Answer {
  readonly status: number
  readonly body: string
  readonly headers: http.IncomingHttpHeaders
}

/** A request as it is written here: the address is not tidied up on the way, the Host header may lie. */
function ask(
  target: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body: string | undefined = undefined,
): Promise<Answer> {
  const { port } = new URL(studio.origin)
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path: target, method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece))
      response.once('end', () => resolve({ status: response.statusCode!, body: text, headers: response.headers }))
    })
    request.once('error', reject)
    request.end(body)
  })
}

const cookie = () => ({ cookie: studio.cookie })
const json = { 'content-type': 'application/json' }
const list = '/api/call/library.list'

describe('without the token', () => {
  it.each(['/', '/index.html', '/assets/nothing.js', '/media/human_0123456789abcdef/file', '/api/events'])(
    'GET %s is 401 and says nothing',
    async (target) => {
      const { status, body } = await ask(target)
      expect(status).toBe(401)
      expect(body).not.toContain(home)
      expect(body).not.toContain('<script')
    },
  )

  it('a call is 401', async () => {
    expect((await ask(list, { ...json, origin: studio.origin }, 'POST', '{}')).status).toBe(401)
  })

  it('an upload is 401 and nothing is kept', async () => {
    const upload = await ask('/api/upload?name=a.png', { origin: studio.origin }, 'POST', 'x'.repeat(1000))
    expect(upload.status).toBe(401)
  })

  it.each(['/?token=', '/?token=wrong', `/?token=${'a'.repeat(5000)}`])('%s is 401', async (target) => {
    const { status, headers } = await ask(target)
    expect(status).toBe(401)
    expect(headers['set-cookie']).toBeUndefined()
  })

  it('a wrong cookie is 401', async () => {
    const [name] = studio.cookie.split('=')
    expect((await ask('/', { cookie: `${name}=wrong` })).status).toBe(401)
  })
})

describe('with the token', () => {
  it('the cookie stays out of reach of scripts and of other sites', async () => {
    const { pathname, search } = new URL(studio.url)
    const { headers, status } = await ask(pathname + search)
    expect(status).toBe(302)
    expect(headers['set-cookie']?.[0]).toMatch(/HttpOnly/i)
    expect(headers['set-cookie']?.[0]).toMatch(/SameSite=Strict/i)
    expect(headers.location).toBe('/')
  })

  it('the window is there, under a strict policy', async () => {
    const { status, headers } = await ask('/', cookie())
    expect(status).toBe(200)
    const policy = headers['content-security-policy'] as string
    expect(policy).toMatch(/default-src 'none'|default-src 'self'/)
    expect(policy).not.toMatch(/unsafe-eval|https?:/)
    expect(headers['x-content-type-options']).toBe('nosniff')
  })

  it.each(['evil.example', 'localhost.evil.example:80', '169.254.169.254'])(
    'a name that was rebound to this machine is refused: Host "%s"',
    async (host) => {
      const answer = await ask('/', { ...cookie(), host })
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.body).not.toContain('<script')
    },
  )

  it.each(['https://evil.example', 'null', 'http://127.0.0.1:1'])(
    'a call from a page of %s is refused',
    async (origin) => {
      const answer = await ask(list, { ...cookie(), ...json, origin }, 'POST', '{}')
      expect(answer.status).toBe(403)
    },
  )

  it('a call of the own page is answered', async () => {
    const answer = await ask(list, { ...cookie(), ...json, origin: studio.origin }, 'POST', '{}')
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toMatchObject({ ok: true })
  })

  it.each([
    '/../package.json',
    '/../../../../../../etc/passwd',
    '/%2e%2e/%2e%2e/package.json',
    '/..%2f..%2fpackage.json',
    '/assets/../../../package.json',
    '/assets/..%5c..%5c..%5cpackage.json',
    '//etc/passwd',
    '/%00',
    '/index.html%00.js',
    '/%E0%A4%A',
    '/media/../library.db',
    '/media/..%2flibrary.db/file',
    '/media/%2e%2e/file',
    '/media/human_0123456789abcdef/../../file',
    '/media/human_0123456789abcdef/file/../../../../package.json',
    '/media/human_0123456789abcdef/file',
    '/media/toString/file',
    '/media/__proto__/thumbnail',
    '/media/preview/job_0123456789abcdef?n=1',
    '/media/preview/..%2f..%2fetc%2fpasswd?n=1',
    '/media/export/job_0123456789abcdef/0',
    '/media/export/../../package.json/0',
  ])('%s is not there', async (target) => {
    const { status, body } = await ask(target, cookie())
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(body).not.toMatch(/animate-anywhere-studio|root:/)
  })

  const human = 'human_0123456789abcdef'
  const settings = { width: 256, height: 144 }
  it.each<[string, string, unknown]>([
    ['an id that is a path', 'library.remove', { ids: ['../../etc/passwd'] }],
    ['an id that nobody has', 'library.remove', { ids: [human] }],
    ['a wrong shape', 'library.update', { id: human, starred: 'yes' }],
    ['an upload that was not handed over', 'library.import', { uploads: ['upload_0123456789abcdef'] }],
    ['a place that was not chosen', 'project.open', { file: 'grant_0123456789abcdef' }],
    ['a project file by its path', 'project.open', { file: '/etc/passwd' }],
    ['a folder by its path', 'library.move', { folder: '/tmp' }],
    ['half a render', 'jobs.add', { requests: [{ kind: 'render', human, settings }] }],
    ['a job that is not there', 'jobs.cancel', { ids: ['job_0123456789abcdef'] }],
    ['a method that is not there', 'constructor', {}],
    ['a method with a path', '..%2f..%2fpackage.json', {}],
  ])('%s changes nothing and kills nothing', async (_, method, input) => {
    const before = await studio.call('library.list', {})
    const answer = await ask(
      `/api/call/${method}`,
      { ...cookie(), ...json, origin: studio.origin },
      'POST',
      JSON.stringify(input),
    )
    const known = answer.status === 200 ? (JSON.parse(answer.body) as { ok: boolean }) : { ok: false }
    // What is not there cannot be removed or cancelled again, and an import tells the error file by file.
    const harmless =
      ['jobs.cancel', 'library.import'].includes(method) || JSON.stringify(input).includes(`["${human}"]`)
    if (!harmless) expect(known.ok).toBe(false)
    expect(answer.status).toBeLessThan(500)
    expect(await studio.call('library.list', {})).toEqual(before)
  })

  it('what is no JSON is refused', async () => {
    const answer = await ask(list, { ...cookie(), ...json, origin: studio.origin }, 'POST', '{"kind":')
    expect(answer.body).not.toContain('"ok":true')
    expect(answer.status).toBeLessThan(500)
  })

  it('a simple form of another site cannot call: the content type must be JSON', async () => {
    const form = { ...cookie(), 'content-type': 'text/plain', origin: studio.origin }
    const answer = await ask(list, form, 'POST', '{}')
    expect(answer.body).not.toContain('"ok":true')
  })

  it('it listens on the loopback address only', () => {
    const { port } = new URL(studio.origin)
    const hex = Number(port).toString(16).toUpperCase().padStart(4, '0')
    const sockets = ['tcp', 'tcp6'].flatMap((kind) => fs.readFileSync(`/proc/net/${kind}`, 'utf8').split('\n'))
    const listening = sockets.filter((line) => /^\s*\d+: \S+ \S+ 0A /.test(line) && line.includes(`:${hex} `))
    expect(listening).toHaveLength(1)
    expect(listening[0]).toContain(`0100007F:${hex}`)
  })
})
