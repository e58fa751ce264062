import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import sharp from 'sharp'
import { writeTestAdapter } from '../../../test/support/adapter'
import type { AdapterOptions } from '../../../test/support/adapter'
import { sharedPath } from '../../../test/shared'
import { filesIn, handedOver, openLibrary, sample, take } from '../../../test/support/library'
import { resource } from '../../media'
import { emptyKeypoints, readMotionContent, serializePoses } from '../../motion'
import { importFiles } from './import'

const walk = fs.readFileSync(resource('motions/walk.json'), 'utf8')
const mara = fs.readFileSync(resource('humans/mara.png'))
const loft = fs.readFileSync(resource('backgrounds/loft.jpg'))

/** OpenPose's own files of one frame each. */
function openPoseFrames(count: number, prefix: string): { name: string; file: string }[] {
  const frames = Array.from({ length: count }, (_, f) => {
    const keypoints = emptyKeypoints()
    for (let i = 0; i < 18; i++) keypoints.body.set([300 + f + (i % 4) * 9, 80 + i * 20, 1], i * 3)
    return keypoints
  })
  const [...list] = JSON.parse(serializePoses({ width: 640, height: 480, fps: 30, frames })) as unknown[]
  return list.map((frame, i) =>
    handedOver(`${prefix}_${String(i).padStart(12, '0')}_keypoints.json`, JSON.stringify(frame)),
  )
}

describe('import', () => {
  it('takes pictures as what the user says they are, and motions by themselves', async () => {
    const { library } = await openLibrary()
    const { asset } = await take(library, sample('humans/mara.png'), 'human')
    expect(asset).toMatchObject({
      kind: 'human',
      name: 'mara',
      extension: 'png',
      size: { width: 720, height: 1000 },
      tags: [],
    })
    expect(fs.readFileSync(library.fileOf(asset.id)).equals(mara)).toBe(true)
    expect((await take(library, sample('motions/walk.json'), 'background')).asset).toMatchObject({
      kind: 'motion',
      extension: 'json',
    })
    expect(library.list().map(({ kind }) => kind)).toEqual(['motion', 'human'])
  })

  it('goes by the content of a file, not by its name', async () => {
    const { library } = await openLibrary()
    expect((await take(library, handedOver('holiday.bvh', loft), 'background')).asset).toMatchObject({
      name: 'holiday',
      extension: 'jpg',
    })
    expect((await take(library, handedOver('walk.png', walk))).asset.kind).toBe('motion')
  })

  it('keeps a picture that a browser cannot show as PNG', async () => {
    const { library } = await openLibrary()
    const tiff = await sharp(loft).resize(300, 200).tiff().toBuffer()
    const { asset } = await take(library, handedOver('scan.tif', tiff), 'background')
    expect(asset).toMatchObject({ extension: 'png', size: { width: 300, height: 200 } })
    expect(await sharp(library.fileOf(asset.id)).metadata()).toMatchObject({ format: 'png', width: 300 })
  })

  it('is the same thing once, however often it comes, and out of the trash when it was there', async () => {
    const { library } = await openLibrary()
    const first = await take(library, sample('humans/mara.png'), 'human')
    library.remove([first.asset.id])
    const again = await take(library, handedOver('other name.png', mara), 'human')
    expect(again).toMatchObject({ alreadyThere: true, asset: { id: first.asset.id } })
    expect(library.list()).toHaveLength(1)
    const asPlace = await take(library, handedOver('mara.png', mara), 'background')
    expect(asPlace).toMatchObject({ alreadyThere: false, asset: { kind: 'background', sha256: first.asset.sha256 } })
  })

  it('makes one motion of the files that OpenPose wrote for a clip', async () => {
    const { library } = await openLibrary()
    const outcomes = await importFiles(library, [...openPoseFrames(12, 'jump'), ...openPoseFrames(6, 'run')], {})
    expect(outcomes.map(({ file }) => file)).toEqual([
      'jump_000000000000_keypoints.json and 11 more',
      'run_000000000000_keypoints.json and 5 more',
    ])
    const motions = library.list({ kind: 'motion' })
    expect(motions.map(({ name, seconds }) => [name, seconds])).toEqual([
      ['run', 0.2],
      ['jump', 0.4],
    ])
    const text = fs.readFileSync(library.fileOf(motions[0]!.id), 'utf8')
    expect(readMotionContent(text, 'run')).toMatchObject({ kind: 'poses', poses: { width: 640, height: 480 } })
  })

  it('makes a thumbnail of everything, 320 pixels long', async () => {
    const { library } = await openLibrary()
    await take(library, sample('humans/mara.png'), 'human')
    await take(library, sample('backgrounds/promenade.jpg'), 'background')
    await take(library, sample('motions/dance.json'))
    for (const { id } of library.list()) {
      const { format, width, height } = await sharp(library.contents.thumbnailOf(id)).metadata()
      expect([format, Math.max(width, height)]).toEqual(['jpeg', 320])
    }
  })

  it('tells each broken file in one line by the name that the user knows, takes the others, and leaves nothing half', async () => {
    const { library } = await openLibrary()
    const bvh =
      'HIERARCHY\nROOT hips\n{\nOFFSET 0 0 0\nCHANNELS 3 Xposition Yposition Zposition\n}\nMOTION\nFrames: 1\nFrame Time: 0.03\nNaN 0 0'
    const header = Buffer.from('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}')
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(header.length))
    const files: [name: string, content: string | Uint8Array, line: RegExp][] = [
      ['empty.png', '', /^"empty\.png" is empty \(0 bytes\)$/],
      ['cut.png', mara.subarray(0, 60_000), /^"cut\.png" cannot be read as a picture \(/],
      ['cut.jpg', loft.subarray(0, 60_000), /^"cut\.jpg" cannot be read as a picture \(/],
      ['letter.txt', 'Dear all,\nthis is no picture', /^"letter\.txt" cannot be read as a picture \(/],
      ['nan.bvh', bvh, /^motion nan\.bvh: line 10: value 1 of the row is "NaN", not a finite number/],
      ['far.json', walk.replace(/"value":\[[^\]]*\]/, '"value":[3e6,0,0]'), /^"far\.json" goes .* metres away/],
      ['half.json', walk.slice(0, 5000), /^motion half\.json: not a JSON file/],
      ['data.json', '{"a":1}', /^motion data\.json: not a motion file/],
      [
        'clip.mp4',
        Buffer.concat([Buffer.from([0, 0, 0, 32]), Buffer.from('ftypisom')]),
        /^"clip\.mp4" is a video; humans and places are pictures/,
      ],
      ['all.zip', 'PK\x03\x04 and so on', /^"all\.zip" is an archive; unpack it/],
      [
        'other.safetensors',
        Buffer.concat([length, header, Buffer.alloc(4)]),
        /^"other\.safetensors" is not an AnimateAnywhere model/,
      ],
      [
        'drawing.svg',
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"/>',
        /^"drawing\.svg" cannot be read as a picture \(it is a drawing/,
      ],
    ]
    const incoming = files.map(([name, content]) => handedOver(name, content))
    const outcomes = await importFiles(library, [...incoming, sample('humans/tom.png')], { kind: 'human' })
    files.forEach(([name, , line], i) => {
      const outcome = outcomes.find(({ file }) => file === name) as { error: string }
      expect(outcome.error).toMatch(line)
      expect(outcome.error).not.toContain('\n')
      expect(outcome.error).not.toContain(incoming[i]!.file)
    })
    const [tom] = library.list()
    expect(library.list()).toEqual([expect.objectContaining({ name: 'tom' })])
    expect(filesIn(library.contents.folder)).toEqual([
      `files/${tom!.sha256.slice(0, 2)}/${tom!.sha256}.png`,
      `thumbnails/${tom!.id}.jpg`,
    ])
  })

  it('asks what a picture is when nobody has said it', async () => {
    const { library } = await openLibrary()
    await expect(take(library, sample('humans/mara.png'))).rejects.toThrow(
      '"mara.png" is a picture; import it as a human or as a place',
    )
  })

  it('takes a model of ours', async () => {
    const { library } = await openLibrary()
    expect((await take(library, sample('models/mini.safetensors'))).asset).toMatchObject({
      kind: 'model',
      name: 'mini',
    })
  })

  it('takes an adapter, unless it does not fit the model that it names', async () => {
    const { library } = await openLibrary()
    const { asset: mini } = await take(library, sample('models/mini.safetensors'))
    const made = (options: AdapterOptions) => {
      const incoming = handedOver('dusk.safetensors', '')
      writeTestAdapter(incoming.file, options)
      return incoming
    }
    const sizes = { blocks: 1, width: 4096 }
    expect((await take(library, made(sizes))).asset).toMatchObject({ kind: 'adapter', name: 'dusk' })
    await expect(take(library, made({ ...sizes, metadata: { model: mini.sha256 } }))).rejects.toThrow(
      /^the adapter "dusk.safetensors" is for a model of 1 blocks that are 4096 wide, "mini" has [^\n]+$/,
    )
  })

  it.each([
    ['../../etc/passwd.png', 'passwd'],
    ['C:\\pictures\\me.jpg', 'me'],
    ['a\nb\u0007c.jpg', 'a b c'],
    ['.jpg', '.jpg'],
    ['x'.repeat(300), 'x'.repeat(120)],
    ['   ', 'background'],
  ])('names what comes as %j in one line', async (file, name) => {
    const { library } = await openLibrary()
    expect((await take(library, handedOver(file, loft), 'background')).asset.name).toBe(name)
  })

  const data = sharedPath('data')
  it.skipIf(!data)('takes real pictures and motions (needs shared/data)', async () => {
    const { library } = await openLibrary()
    const from = (folder: string) =>
      fs.readdirSync(`${data}/${folder}`).map((name) => handedOver(name, fs.readFileSync(`${data}/${folder}/${name}`)))
    const outcomes = [
      ...(await importFiles(library, from('humans'), { kind: 'human' })),
      ...(await importFiles(library, from('backgrounds'), { kind: 'background' })),
      ...(await importFiles(library, from('motions/openpose_json/treadmill_27'), {})),
      ...(await importFiles(library, from('motions/bvh'), {})),
    ]
    expect(outcomes.filter((outcome) => 'error' in outcome)).toEqual([])
  })
})
