import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contactSheet } from './contact-sheet'
import { UserError } from './errors'
import { type Picture, cropPicture, flattenPicture, readPicture, resizePicture, writePng } from './pictures'

let folder: string
beforeAll(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pictures-'))))
afterAll(() => fs.rmSync(folder, { recursive: true }))

const orange = { r: 200, g: 100, b: 50 }
const plain = (width = 20, height = 20): Sharp => sharp({ create: { width, height, channels: 3, background: orange } })
const veiled = (alpha: number): Sharp =>
  sharp({ create: { width: 20, height: 20, channels: 4, background: { ...orange, alpha } } })

async function written(name: string, picture: Sharp): Promise<string> {
  const file = path.join(folder, name)
  await picture.toFile(file)
  return file
}

/** A picture whose every pixel says where it is. */
function ramp(width: number, height: number): Picture {
  const data = Uint8Array.from(
    { length: width * height * 3 },
    (_, i) => [(i / 3) % width, i / 3 / width, 0].map(Math.floor)[i % 3]!,
  )
  return { width, height, channels: 3, data }
}

describe('any usual picture becomes upright 8-bit sRGB', () => {
  it.each<[string, Sharp, number[]]>([
    ['8-bit.png', plain().png(), [200, 100, 50]],
    ['16-bit.png', plain().toColourspace('rgb16').png(), [200, 100, 50]],
    ['16-bit.tiff', plain().toColourspace('rgb16').tiff(), [200, 100, 50]],
    ['palette.png', plain().png({ palette: true }), [200, 100, 50]],
    ['display-p3.png', plain().withIccProfile('p3').png(), [200, 100, 50]],
    ['opaque-alpha.png', veiled(1).png(), [200, 100, 50]],
    ['half-alpha.png', veiled(0.5).png(), [200, 100, 50, 128]],
    ['half-alpha-16.png', veiled(0.5).toColourspace('rgb16').png(), [200, 100, 50, 128]],
    ['grey.png', plain().toColourspace('b-w').png(), [128, 128, 128]],
    ['grey-16.png', plain().toColourspace('grey16').png(), [128, 128, 128]],
    ['grey-alpha.png', veiled(0.5).toColourspace('b-w').png(), [128, 128, 128, 128]],
    ['webp.webp', plain().webp({ lossless: true }), [200, 100, 50]],
    ['cmyk.jpg', plain().toColourspace('cmyk').jpeg({ quality: 100 }), [200, 100, 50]],
  ])('%s', async (name, picture, expected) => {
    const { channels, data, width, height } = await readPicture(await written(name, picture))
    expect([width, height, channels, data.length]).toEqual([20, 20, expected.length, 400 * expected.length])
    const tolerance = name.startsWith('cmyk') ? 30 : 2 // few colours survive print inks unchanged
    expected.forEach((value, c) => expect(Math.abs(data[c]! - value)).toBeLessThanOrEqual(tolerance))
  })

  it('turned by its EXIF orientation', async () => {
    const file = await written('turned.jpg', plain(20, 40).withMetadata({ orientation: 6 }).jpeg())
    expect(await readPicture(file)).toMatchObject({ width: 40, height: 20 })
  })

  it('of 50 megapixels', async () => {
    const file = await written('large.jpg', plain(8660, 5774).jpeg())
    expect(await readPicture(file)).toMatchObject({ width: 8660, height: 5774 })
  })
})

describe('what is no picture is refused in one line', () => {
  const refused = async (name: string, content: string | Uint8Array): Promise<string> => {
    const file = path.join(folder, name)
    fs.writeFileSync(file, content)
    const error: unknown = await readPicture(file).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(UserError)
    return (error as Error).message.replace(folder, '')
  }
  it('text renamed .png', async () => {
    expect(await refused('text.png', 'hello')).toMatch(
      /^"\/text\.png" cannot be read as a picture \(.+\); use JPEG, PNG/,
    )
  })
  it('an empty file', async () => {
    expect(await refused('empty.png', '')).toBe('picture "/empty.png" is empty (0 bytes)')
  })
  it('a file cut short', async () => {
    const whole = await plain(400, 400).jpeg().toBuffer()
    expect(await refused('cut.jpg', whole.subarray(0, whole.length / 2))).toContain('cannot be read as a picture')
  })
  it('one pixel', async () => {
    const pixel = await plain(1, 1).png().toBuffer()
    expect(await refused('one.png', pixel)).toBe('picture "/one.png" is only 1x1 pixels; at least 16x16 are needed')
  })
  it('nothing, or a folder', async () => {
    await expect(readPicture(path.join(folder, 'none.png'))).rejects.toThrow('does not exist')
    await expect(readPicture(folder)).rejects.toThrow('is a folder; give one picture file')
  })
})

it('a crop is the pixels it names', () => {
  const part = cropPicture(ramp(8, 6), { x: 3, y: 2, width: 2, height: 2 })
  expect([...part.data]).toEqual([3, 2, 0, 4, 2, 0, 3, 3, 0, 4, 3, 0])
  expect(() => cropPicture(ramp(8, 6), { x: 7, y: 0, width: 2, height: 2 })).toThrow('crop: 2x2 at 7,0 is not inside')
})

it('resizing stretches, or covers and cuts', async () => {
  const wide = ramp(64, 32)
  expect((await resizePicture(wide, 32, 32)).data[0]).toBeLessThan(2)
  const covered = await resizePicture(wide, 32, 32, 'cover')
  expect([covered.width, covered.height, covered.data[0]]).toEqual([32, 32, 16]) // the middle half
})

it('flattening lays a picture over a ground', () => {
  const veil: Picture = { width: 1, height: 1, channels: 4, data: Uint8Array.of(200, 100, 0, 51) }
  expect([...flattenPicture(veil, [100, 100, 100]).data]).toEqual([120, 100, 80])
})

it('a PNG comes back as it was written', async () => {
  const file = path.join(folder, 'new/ramp.png')
  await writePng(file, ramp(20, 30))
  expect(await readPicture(file)).toEqual(ramp(20, 30))
})

it('a contact sheet holds all pictures in rows, with captions', () => {
  const bare = contactSheet([ramp(40, 30), ramp(20, 20), ramp(40, 30)], 2)
  expect([bare.width, bare.height]).toEqual([2 * 44 + 4, 2 * 34 + 4])
  expect([...bare.data.subarray((4 * bare.width + 48) * 3).subarray(0, 6)]).toEqual([0, 0, 0, 1, 0, 0])
  const captioned = contactSheet([ramp(40, 30)], 2, ['A1'])
  expect(captioned.data.filter((value) => value === 255)).toHaveLength(3 * (10 + 8)) // the dots of 'A' and of '1'
})
