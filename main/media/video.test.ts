import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UserError } from './errors'
import { findFfmpeg, search } from './ffmpeg'
import { openVideoWriter, parseDescription, probeVideo, readVideoFrames } from './video'

let folder: string
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'video-'))))
afterEach(() => fs.rmSync(folder, { recursive: true }))

const plain = (width: number, height: number, rgb: readonly number[]): Uint8Array =>
  Uint8Array.from({ length: width * height * 3 }, (_, i) => rgb[i % 3]!)

async function writeClip(file: string, width: number, height: number, frames: number): Promise<void> {
  const writer = await openVideoWriter(file, { width, height, fps: 24 })
  for (let t = 0; t < frames; t++) await writer.write(plain(width, height, [200, t * 8, 30]))
  await writer.finish()
}

async function framesOf(...args: Parameters<typeof readVideoFrames>): Promise<Uint8Array[]> {
  const frames: Uint8Array[] = []
  for await (const frame of readVideoFrames(...args)) frames.push(frame)
  return frames
}

describe('a written video', () => {
  it('keeps its frames, their number and their colours', async () => {
    const file = path.join(folder, 'clip.mp4')
    await writeClip(file, 64, 48, 30)
    expect(await probeVideo(file)).toEqual({ width: 64, height: 48, fps: 24, duration: 1.25, codec: 'h264' })
    const frames = await framesOf(file)
    expect(frames).toHaveLength(30)
    frames.forEach((frame, t) => {
      const [r, g, b] = frame.subarray(3 * 64 * 24)
      expect(Math.max(Math.abs(r! - 200), Math.abs(g! - t * 8), Math.abs(b! - 30))).toBeLessThanOrEqual(3)
    })
  })

  it('has its index in front and no other name before it is whole', async () => {
    const file = path.join(folder, 'clip.mp4')
    const writer = await openVideoWriter(file, { width: 32, height: 32, fps: 10 })
    expect(fs.readdirSync(folder)).toEqual(['.clip.partial.mp4'])
    await writer.write(plain(32, 32, [9, 9, 9]))
    await writer.finish()
    expect(fs.readdirSync(folder)).toEqual(['clip.mp4'])
    const text = fs.readFileSync(file, 'latin1')
    expect(text.indexOf('moov')).toBeLessThan(text.indexOf('mdat'))
  })

  it('of odd size gains a repeated row and column', async () => {
    const file = path.join(folder, 'odd.mp4')
    await writeClip(file, 61, 47, 3)
    expect(await probeVideo(file)).toMatchObject({ width: 62, height: 48 })
    const last = (await framesOf(file))[0]!.slice(-3)
    expect(last[0]).toBeGreaterThan(190) // the corner is the picture's own colour, not black
  })

  it('leaves nothing when it is given up', async () => {
    const writer = await openVideoWriter(path.join(folder, 'clips/clip.mp4'), { width: 32, height: 32, fps: 10 })
    await writer.write(plain(32, 32, [9, 9, 9]))
    await writer.abort()
    expect(fs.readdirSync(folder)).toEqual([])
  })

  it('is refused before any work where it cannot be written', async () => {
    fs.writeFileSync(path.join(folder, 'file'), '')
    const opening = openVideoWriter(path.join(folder, 'file/clip.mp4'), { width: 32, height: 32, fps: 10 })
    await expect(opening).rejects.toThrow(UserError)
  })

  it('refuses a frame of another size', async () => {
    const writer = await openVideoWriter(path.join(folder, 'clip.mp4'), { width: 32, height: 32, fps: 10 })
    await expect(writer.write(new Uint8Array(5))).rejects.toThrow('video frame of 5 bytes: 32x32 RGB is 3072 bytes')
    await writer.abort()
  })

  it('is gone, and ffmpeg with it, when the process is stopped half-way', async () => {
    const file = path.join(folder, 'clip.mp4')
    const script = `
      import { openVideoWriter } from ${JSON.stringify(path.resolve(import.meta.dirname, 'video.ts'))}
      process.on('SIGTERM', () => process.exit(1))
      const writer = await openVideoWriter(${JSON.stringify(file)}, { width: 64, height: 64, fps: 10 })
      await writer.write(new Uint8Array(64 * 64 * 3))
      console.log('writing')
      setInterval(() => undefined, 1000)`
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    expect(fs.readdirSync(folder)).toEqual(['.clip.partial.mp4'])
    child.kill('SIGTERM')
    await once(child, 'close')
    await wait(200)
    expect(fs.readdirSync(folder)).toEqual([])
  })
})

describe('a read video', () => {
  it('comes at the size and rate asked for', async () => {
    const file = path.join(folder, 'clip.mp4')
    await writeClip(file, 64, 48, 24)
    const frames = await framesOf(file, { size: { width: 32, height: 24 }, fps: 12 })
    expect(frames).toHaveLength(12)
    expect(frames[0]).toHaveLength(32 * 24 * 3)
  })

  it('may be left early', async () => {
    const file = path.join(folder, 'clip.mp4')
    await writeClip(file, 64, 48, 24)
    for await (const frame of readVideoFrames(file)) {
      expect(frame).toHaveLength(64 * 48 * 3)
      break
    }
  })

  it('that is none is refused in one line', async () => {
    const file = path.join(folder, 'text.mp4')
    await expect(probeVideo(file)).rejects.toThrow(`video "${file}" does not exist`)
    fs.writeFileSync(file, 'hello')
    await expect(probeVideo(file)).rejects.toThrow(`"${file}" cannot be read as a video`)
    await expect(probeVideo(file)).rejects.toBeInstanceOf(UserError)
  })
})

it('phone footage is described as it is shown: turned, and with its pixels made square', () => {
  const phone = `  Duration: 00:01:05.50, start: 0.000000, bitrate: 9000 kb/s
    Stream #0:0(und): Video: hevc (Main) (hvc1 / 0x31637668), yuv420p(tv, bt709), 1920x1080, 8000 kb/s, 29.97 fps, 30 tbr, 600 tbn
      displaymatrix: rotation of -90.00 degrees`
  expect(parseDescription(phone)).toEqual({ width: 1080, height: 1920, fps: 29.97, duration: 65.5, codec: 'hevc' })
  const dv =
    'Stream #0:0: Video: dvvideo (dvsd / 0x64737664), yuv420p, 720x576 [SAR 64:45 DAR 16:9], 28800 kb/s, 25 fps, 25 tbr'
  expect(parseDescription(dv)).toMatchObject({ width: 1024, height: 576, fps: 25 })
  expect(parseDescription('Stream #0:0: Audio: mp3, 44100 Hz, stereo')).toBeUndefined()
})

describe('ffmpeg', () => {
  it('is found', async () => expect((await findFfmpeg()).version).toBeTruthy())

  it('named by FFMPEG_PATH must work', async () => {
    await expect(search({ FFMPEG_PATH: '/nowhere/ffmpeg' })).rejects.toThrow('FFMPEG_PATH is "/nowhere/ffmpeg"')
    const { path: real } = await findFfmpeg()
    expect(await search({ FFMPEG_PATH: real })).toMatchObject({ path: real, source: 'FFMPEG_PATH' })
  })
})
