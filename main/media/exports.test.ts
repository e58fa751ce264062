import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { UserError } from './errors'
import { exportContactSheets } from './export-sheets'
import { exportVideo } from './exports'
import type { ExportSettings } from './exports'
import { freeName, safeFileName } from './file-names'
import { readPicture } from './pictures'
import { openVideoWriter, probeVideo, readVideoFrames } from './video'

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'exports-'))
const clip = path.join(root, 'clip.mp4')
const own: ExportSettings = { quality: 'good', longSide: null, fps: null }
const [width, height, fps, frames] = [160, 96, 24, 24]
let folder: string
/** A disk of 8 KiB, where the system lets us make one. */
const fullDisk = path.join(root, 'full')
fs.mkdirSync(fullDisk)
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'none', fullDisk]).status === 0

/** A wall of one colour that turns from red to blue, with a white square that goes to the right. */
function frameOf(t: number): Uint8Array {
  const data = new Uint8Array(width * height * 3)
  for (let p = 0; p < width * height; p++) {
    const inside = Math.abs((p % width) - (20 + 5 * t)) < 10 && Math.abs(Math.floor(p / width) - 48) < 10
    data.set(inside ? [250, 250, 250] : [200 - 6 * t, 40, 40 + 6 * t], p * 3)
  }
  return data
}

beforeAll(async () => {
  const writer = await openVideoWriter(clip, { width, height, fps })
  for (let t = 0; t < frames; t++) await writer.write(frameOf(t))
  await writer.finish()
})
beforeEach(() => (folder = fs.mkdtempSync(path.join(root, 'to-'))))
afterAll(() => {
  if (mounted) spawnSync('umount', [fullDisk])
  fs.rmSync(root, { recursive: true })
})
const inFolder = (name: string): string => path.join(folder, name)

async function countFrames(file: string): Promise<number> {
  const frames: Uint8Array[] = []
  for await (const frame of readVideoFrames(file)) frames.push(frame)
  return frames.length
}

describe('a video for other programs', () => {
  it.each([
    ['mp4', 'clip.mp4', 'h264'],
    ['hevc', 'clip.mp4', 'hevc'],
    ['prores', 'clip.mov', 'prores'],
    ['gif', 'clip.gif', 'gif'],
  ] as const)('%s keeps size, rate, frames and colours', async (format, name, codec) => {
    const shares: number[] = []
    expect(await exportVideo(clip, folder, 'clip', format, own, { onProgress: (share) => shares.push(share) })).toBe(
      name,
    )
    expect(fs.readdirSync(folder)).toEqual([name])
    const info = await probeVideo(inFolder(name))
    expect(info).toMatchObject({ codec, width, height })
    if (format !== 'gif') expect(info).toMatchObject({ fps, duration: 1 })
    expect(await countFrames(inFolder(name))).toBeGreaterThanOrEqual(frames)
    expect(shares.at(-1)).toBeCloseTo(1, 1)
    for await (const frame of readVideoFrames(inFolder(name))) {
      const corner = [...frame.subarray(0, 3)]
      const [red, green, blue] = frameOf(0)
      expect(Math.max(...[red!, green!, blue!].map((v, c) => Math.abs(v - corner[c]!)))).toBeLessThan(12)
      break
    }
  })

  it('is made in the size and at the rate that are asked for, with even sides', async () => {
    await exportVideo(clip, folder, 'small', 'mp4', { quality: 'draft', longSide: 101, fps: 12 })
    expect(await probeVideo(inFolder('small.mp4'))).toMatchObject({ width: 102, height: 60, fps: 12 })
  })

  it('is larger the better it is', async () => {
    for (const quality of ['draft', 'good', 'best'] as const)
      await exportVideo(clip, folder, quality, 'mp4', { ...own, quality })
    const sizes = ['draft', 'good', 'best'].map((name) => fs.statSync(inFolder(`${name}.mp4`)).size)
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b))
  })

  it('becomes a folder of pictures, one a frame', async () => {
    expect(await exportVideo(clip, folder, 'clip', 'png', own)).toBe('clip')
    const names = fs.readdirSync(inFolder('clip')).sort()
    expect(names).toHaveLength(frames)
    expect([names[0], names.at(-1)]).toEqual(['00001.png', '00024.png'])
    const first = await readPicture(path.join(folder, 'clip', '00001.png'))
    expect(first).toMatchObject({ width, height })
    expect(Math.abs(first.data[0]! - 200)).toBeLessThan(8)
  })

  it('does not replace what is there', async () => {
    for (const name of ['clip.mp4', 'clip 2.mp4', 'clip 3.mp4'])
      expect(await exportVideo(clip, folder, 'clip', 'mp4', own)).toBe(name)
  })

  it.each(['mp4', 'png'] as const)('leaves nothing when it is cancelled (%s)', async (format) => {
    const stop = new AbortController()
    const settings = { ...own, longSide: 2000 }
    const made = exportVideo(clip, folder, 'clip', format, settings, { signal: stop.signal })
    setTimeout(() => stop.abort(new Error('cancelled')), 150)
    await expect(made).rejects.toThrow('cancelled')
    expect(fs.readdirSync(folder)).toEqual([])
  })

  it('says which file is no clip, and leaves nothing', async () => {
    fs.writeFileSync(path.join(root, 'text.mp4'), 'no clip')
    await expect(exportVideo(path.join(root, 'text.mp4'), folder, 'x', 'mp4', own)).rejects.toThrow(/text.mp4/)
    expect(fs.readdirSync(folder)).toEqual([])
  })

  it.each(['mp4', 'png'] as const)('says when the folder cannot be written (%s)', async (format) => {
    fs.writeFileSync(inFolder('file'), '')
    const made = exportVideo(clip, inFolder('file/deeper'), 'x', format, own)
    await expect(made).rejects.toThrow(UserError)
    await expect(made).rejects.toThrow(/cannot write/)
  })

  it.skipIf(!mounted).each(['mp4', 'hevc', 'prores', 'png', 'gif'] as const)(
    'says when the disk is full, and frees it again (%s)',
    async (format) => {
      const made = exportVideo(clip, fullDisk, 'clip', format, { ...own, longSide: 1280 })
      await expect(made).rejects.toThrow(/cannot write .*: the disk is full/)
      expect(fs.readdirSync(fullDisk)).toEqual([])
    },
  )
})

describe('contact sheets', () => {
  it('of one clip show its frames', async () => {
    expect(await exportContactSheets([{ file: clip, name: 'Mara × Loft' }], folder, null)).toEqual(['Mara × Loft.png'])
    const sheet = await readPicture(inFolder('Mara × Loft.png'))
    expect(sheet.width).toBe(4 * (width + 4) + 4)
    expect(sheet.height).toBe(3 * (height + 4) + 4)
  })

  it('of many clips show one frame of each, on as many sheets as it takes', async () => {
    const clips = Array.from({ length: 61 }, (_, i) => ({ file: clip, name: `clip ${i}` }))
    const shares: number[] = []
    const names = await exportContactSheets(clips, folder, 64, { onProgress: (share) => shares.push(share) })
    expect(names).toEqual(['Contact sheet of 61 clips.png', 'Contact sheet of 61 clips 2.png'])
    expect(shares.at(-1)).toBe(1)
  })

  it('leave nothing when they are cancelled', async () => {
    const stop = new AbortController()
    const clips = Array.from({ length: 70 }, () => ({ file: clip, name: 'x' }))
    const watch = {
      signal: stop.signal,
      onProgress: (share: number) => {
        if (share > 0.9) stop.abort(new Error('cancelled'))
      },
    }
    await expect(exportContactSheets(clips, folder, 64, watch)).rejects.toThrow('cancelled')
    expect(fs.readdirSync(folder)).toEqual([])
  })
})

describe('file names', () => {
  it.each([
    ['Mara × Loft', 'Mara × Loft'],
    ['a/b\\c:d*e?f"g<h>i|j', 'a-b-c-d-e-f-g-h-i-j'],
    ['../../etc/passwd', '-..-etc-passwd'],
    [' . ', 'clip'],
    ['CON', '_CON'],
    ['line\nbreak', 'line-break'],
    ['夏'.repeat(100), '夏'.repeat(60)],
  ])('%j becomes %j', (name, file) => {
    expect(safeFileName(name)).toBe(file)
  })

  it('are numbered when they are taken', () => {
    fs.mkdirSync(inFolder('walk'))
    expect(freeName(folder, 'walk', '')).toBe('walk 2')
    expect(freeName(folder, 'walk', '.mp4')).toBe('walk.mp4')
  })
})
