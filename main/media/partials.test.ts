import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { UserError } from './errors'
import { assertWritable, openPartial, removePartials, writeFileAtomic, writeJsonAtomic } from './partials'

let folder: string
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'partials-'))))
afterEach(() => fs.rmSync(folder, { recursive: true }))
const inFolder = (...names: string[]): string => path.join(folder, ...names)

it('a file has its name only when it is whole', () => {
  const partial = openPartial(inFolder('clip.mp4'))
  expect(fs.readdirSync(folder)).toEqual(['.clip.partial.mp4'])
  fs.writeFileSync(partial.path, 'frames')
  partial.commit()
  expect(fs.readdirSync(folder)).toEqual(['clip.mp4'])
})

it('a discarded file leaves neither itself nor the folders made for it', () => {
  openPartial(inFolder('a/b/clip.mp4')).discard()
  expect(fs.readdirSync(folder)).toEqual([])
})

it('an earlier file survives a failed attempt to replace it', () => {
  writeFileAtomic(inFolder('model'), 'old')
  openPartial(inFolder('model'))
  removePartials()
  expect(fs.readdirSync(folder)).toEqual(['model'])
  expect(fs.readFileSync(inFolder('model'), 'utf8')).toBe('old')
})

it('JSON is written for people too', () => {
  writeJsonAtomic(inFolder('deep/report.json'), { psnr: 30 })
  expect(fs.readFileSync(inFolder('deep/report.json'), 'utf8')).toBe('{\n  "psnr": 30\n}\n')
})

it('says in one sentence why a place cannot be written', () => {
  fs.writeFileSync(inFolder('file'), '')
  expect(() => assertWritable(inFolder('file/clip.mp4'))).toThrow(UserError)
  expect(() => assertWritable(inFolder('file/clip.mp4'))).toThrow(
    /cannot write ".*clip\.mp4": a part of its path is a file/,
  )
  expect(() => assertWritable(folder)).toThrow('it is a folder; name a file inside it')
})

it('a process that leaves early takes its unfinished files with it', () => {
  const module = path.resolve(import.meta.dirname, 'partials.ts')
  const script = `import { openPartial } from ${JSON.stringify(module)}; openPartial(process.argv[1]); process.exit(3)`
  const tsx = ['--import', 'tsx', '--input-type=module', '--eval', script, '--']
  const { status } = spawnSync(process.execPath, [...tsx, inFolder('clip.mp4')], { cwd: import.meta.dirname })
  expect(status).toBe(3)
  expect(fs.readdirSync(folder)).toEqual([])
})
