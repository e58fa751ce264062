import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { answer } from './answer'
import type { Media } from './answer'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'anywhere-web-'))
afterAll(() => fs.rmSync(folder, { recursive: true }))
const write = (name: string, data: string | Uint8Array): string => {
  const file = path.join(folder, name)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, data)
  return file
}
const clip = write('clip.mp4', new Uint8Array(1000))
const empty = write('empty.mp4', '')
write('secret.json', '{}')
write('window/index.html', '<meta nonce="ANYWHERE_NONCE"><script nonce="ANYWHERE_NONCE"></script>')
write('window/assets/a-1.js', 'run()')
write('window/program.exe', 'MZ')

const media: Media = (pathname) =>
  pathname === '/media/clip_1/file'
    ? { file: clip, type: 'video/mp4' }
    : pathname === '/media/empty/file'
      ? { file: empty, type: 'video/mp4' }
      : pathname === '/media/gone/file'
        ? { file: path.join(folder, 'gone.mp4'), type: 'video/mp4' }
        : pathname === '/media/export/job_1/0'
          ? { file: clip, type: 'video/mp4', download: 'Mara × Place "1".mp4' }
          : pathname === '/media/preview/job_1'
            ? { bytes: new Uint8Array(7), type: 'image/jpeg' }
            : undefined
const get = (pathname: string, range?: string, method = 'GET') =>
  answer({ method, pathname, range }, media, path.join(folder, 'window'))

describe('media', () => {
  it('is sent whole, in part, or refused', async () => {
    expect(await get('/media/clip_1/file')).toMatchObject({
      status: 200,
      headers: { 'accept-ranges': 'bytes', 'content-length': '1000', 'content-type': 'video/mp4' },
      body: { file: clip, start: 0, end: 999 },
    })
    expect(await get('/media/clip_1/file', 'bytes=100-199')).toMatchObject({
      status: 206,
      headers: { 'content-range': 'bytes 100-199/1000', 'content-length': '100' },
      body: { start: 100, end: 199 },
    })
    expect(await get('/media/clip_1/file', 'bytes=1000-')).toMatchObject({
      status: 416,
      headers: { 'content-range': 'bytes */1000' },
    })
  })

  it('is described without being sent', async () => {
    const head = await get('/media/clip_1/file', 'bytes=0-9', 'HEAD')
    expect(head).toMatchObject({ status: 206, headers: { 'content-length': '10' } })
    expect(head.body).toBeUndefined()
  })

  it('from memory is never kept', async () => {
    expect(await get('/media/preview/job_1')).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } })
  })

  it('can be a download by any name', async () => {
    const { headers } = await get('/media/export/job_1/0')
    expect(headers['content-disposition']).toBe("attachment; filename*=UTF-8''Mara%20%C3%97%20Place%20%221%22.mp4")
  })

  it('that is empty, gone or unknown does no harm', async () => {
    expect(await get('/media/empty/file')).toMatchObject({ status: 200, headers: { 'content-length': '0' } })
    expect(await get('/media/gone/file')).toMatchObject({ status: 404 })
    expect(await get('/media/../../etc/passwd')).toMatchObject({ status: 404 })
  })
})

describe('the window', () => {
  it('comes with a strict policy and a nonce of its own', async () => {
    const [first, second] = await Promise.all([get('/'), get('/index.html')])
    const policy = first.headers['content-security-policy']!
    const nonce = /'nonce-([^']+)'/.exec(policy)![1]!
    expect(Buffer.from(first.body as Uint8Array).toString()).toContain(`nonce="${nonce}"`)
    expect(second.headers['content-security-policy']).not.toContain(nonce)
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).not.toMatch(/unsafe|\*|http/)
  })

  it('is kept by its hashed names', async () => {
    expect(await get('/assets/a-1.js')).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/javascript; charset=utf-8', 'x-content-type-options': 'nosniff' },
    })
  })

  it.each(['/../secret.json', '/%2e%2e/secret.json', '/..%2fsecret.json', '/%', '/\0', '/assets', '/program.exe', ''])(
    'has nothing at %j',
    async (pathname) => expect(await get(pathname)).toMatchObject({ status: 404 }),
  )

  it('cannot be written to', async () => {
    expect(await get('/', undefined, 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
  })
})
