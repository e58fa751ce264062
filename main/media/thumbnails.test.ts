import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { resource } from './resources'
import { convertToPng, glanceAtPicture, glanceAtVideo } from './thumbnails'
import { openVideoWriter } from './video'

let folder: string
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'thumbnails-'))))
afterEach(() => fs.rmSync(folder, { recursive: true }))
const inFolder = (name: string): string => path.join(folder, name)

const plain = (width: number, height: number, background: string) =>
  sharp({ create: { width, height, channels: 3, background } })

/** A tall red figure with a blue head on white ground, in the left half of a wide picture. */
async function figure(): Promise<string> {
  const body = await plain(60, 340, '#c02020').png().toBuffer()
  const head = await plain(60, 60, '#2020c0').png().toBuffer()
  const file = inFolder('figure.png')
  const layers = [
    { input: body, left: 150, top: 140 },
    { input: head, left: 150, top: 80 },
  ]
  await plain(800, 560, '#ffffff').composite(layers).png().toFile(file)
  return file
}

describe('the thumbnail of a picture', () => {
  it('is the whole of it, 320 long, upright', async () => {
    const file = inFolder('phone.jpg')
    await plain(600, 400, '#888').withMetadata({ orientation: 6 }).jpeg().toFile(file)
    const { jpeg, ...known } = await glanceAtPicture(file, 'whole')
    expect(known).toEqual({ width: 400, height: 600, extension: 'jpg' })
    expect(await sharp(jpeg).metadata()).toMatchObject({ format: 'jpeg', width: 213, height: 320 })
  })

  it('of a human shows head and body, wherever they stand before plain ground', async () => {
    const { jpeg } = await glanceAtPicture(await figure(), 'human')
    const { width, height } = await sharp(jpeg).metadata()
    expect(height).toBe(264) // two thirds of the figure, not enlarged
    expect(width / height).toBeCloseTo(0.88, 1)
    const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true })
    const colour = (x: number, y: number) => [
      ...data.subarray((Math.round(y * height) * info.width + Math.round(x * width)) * 3).subarray(0, 3),
    ]
    const [head, body, beside] = [colour(0.5, 0.12), colour(0.5, 0.6), colour(0.1, 0.5)]
    expect(head[2]).toBeGreaterThan(150)
    expect(body[0]).toBeGreaterThan(150)
    expect(Math.min(...beside)).toBeGreaterThan(240)
  })

  it('is not made of half a picture, of a drawing, or of a dot', async () => {
    const whole = fs.readFileSync(resource('backgrounds/loft.jpg'))
    fs.writeFileSync(inFolder('half.jpg'), whole.subarray(0, whole.length / 2))
    await expect(glanceAtPicture(inFolder('half.jpg'), 'whole')).rejects.toThrow('cannot be read as a picture')
    fs.writeFileSync(inFolder('a.svg'), '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"/>')
    await expect(glanceAtPicture(inFolder('a.svg'), 'whole')).rejects.toThrow('it is a drawing, not a photo')
    await plain(8, 90, '#888').png().toFile(inFolder('dot.png'))
    await expect(glanceAtPicture(inFolder('dot.png'), 'human')).rejects.toThrow('it is only 8x90 pixels')
  })

  it('of a picture that browsers do not know says so, and there is a PNG of it', async () => {
    await plain(90, 60, '#336699').tiff().toFile(inFolder('scan.tif'))
    expect((await glanceAtPicture(inFolder('scan.tif'), 'whole')).extension).toBeUndefined()
    await convertToPng(inFolder('scan.tif'), inFolder('scan.png'))
    expect(await sharp(inFolder('scan.png')).metadata()).toMatchObject({ format: 'png', width: 90, height: 60 })
  })
})

it('the thumbnail of a video is its first frame', async () => {
  const file = inFolder('clip.mp4')
  const writer = await openVideoWriter(file, { width: 96, height: 160, fps: 10 })
  for (const level of [220, 20]) await writer.write(new Uint8Array(96 * 160 * 3).fill(level))
  await writer.finish()
  const jpeg = await glanceAtVideo(file)
  expect(await sharp(jpeg).metadata()).toMatchObject({ format: 'jpeg', width: 192, height: 320 })
  expect((await sharp(jpeg).stats()).channels[0].mean).toBeGreaterThan(200)
  fs.writeFileSync(file, 'no video')
  await expect(glanceAtVideo(file)).rejects.toThrow('cannot be read as a video')
})
