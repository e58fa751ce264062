import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateClip } from '../synth'
import { lightBetween, readClip } from './clip'
import { openDataset } from './dataset'
import { writeDataset } from './dataset-writer'
import { ClipMakers } from '../synth/makers'
import { MadeClips } from './made-clips'
import { openSynthetic } from './synthetic'

const root = mkdtempSync(path.join(tmpdir(), 'dataset-'))
const dir = path.join(root, 'set')
const options = (i: number) => ({ seed: i, width: i % 2 ? 32 : 48, height: i % 2 ? 48 : 32, frames: 2, fps: 12 })

const source = (count: number) => ({
  name: 'test',
  count,
  make: (i: number) => ({ clip: generateClip(options(i)), seed: i }),
})

beforeAll(async () => {
  await writeDataset(dir, source(5))
})
afterAll(() => {
  rmSync(root, { recursive: true })
})

describe('a dataset on disk', () => {
  it('gives back the clips that were written', () => {
    const dataset = openDataset(dir)
    expect(dataset.name).toBe('test')
    expect(dataset.clips).toHaveLength(5)
    expect(dataset.read(3)).toEqual(generateClip(options(3)))
  })

  it('deals every clip once per epoch, in full batches of one shape', () => {
    const dataset = openDataset(dir)
    const batches = dataset.epoch(1, 2)
    expect(new Set(batches.flatMap((batch) => batch.clips))).toEqual(new Set([0, 1, 2, 3, 4]))
    for (const { width, height, clips } of batches) {
      expect(clips).toHaveLength(2)
      for (const i of clips) expect(dataset.clips[i]).toMatchObject({ width, height })
    }
    expect(dataset.epoch(1, 2)).toEqual(batches)
  })

  it('gives a step the same batch whenever it is asked', () => {
    const steps = Array.from({ length: 9 }, (_, step) => openDataset(dir).batchAt(step, 7, 2))
    const dataset = openDataset(dir)
    for (const step of [8, 0, 4]) expect(dataset.batchAt(step, 7, 2)).toEqual(steps[step])
    expect(steps.slice(0, 3)).not.toEqual(steps.slice(3, 6)) // shuffled anew
  })

  it('names what is damaged', () => {
    const clip = path.join(dir, 'clips/000002.safetensors')
    const whole = readFileSync(clip)
    truncateSync(clip, whole.length - 100)
    expect(() => openDataset(dir).read(2)).toThrow(clip)
    const text = whole.toString('latin1').replace('"human_mask"', '"humen_mask"')
    writeFileSync(clip, text, 'latin1')
    expect(() => readClip(clip)).toThrow(/000002.safetensors is not a clip: tensor 'human_mask' is missing/)
    writeFileSync(clip, readFileSync(path.join(dir, 'clips/000001.safetensors')))
    expect(() => openDataset(dir).read(2)).toThrow(/is 32x48x2, but dataset.json says 48x32x2/)
    rmSync(clip)
    expect(() => openDataset(dir)).toThrow(/000002.safetensors is missing/)
    writeFileSync(path.join(dir, 'dataset.json'), '{"version": 1, "name": "x", "clips": [{"file": "../secret"}]}')
    expect(() => openDataset(dir)).toThrow(/dataset.json is damaged at clips.0.file: leads out of the dataset/)
    expect(() => openDataset(root)).toThrow(/has no dataset.json/)
  })

  it('is not written over', async () => {
    await expect(writeDataset(dir, source(1))).rejects.toThrow(/not empty/)
  })

  it('leaves nothing behind when stopped', async () => {
    const stop = new AbortController()
    const late = path.join(root, 'late')
    const writing = writeDataset(late, source(5), (done) => done === 2 && stop.abort(new Error('stopped')), stop.signal)
    await expect(writing).rejects.toThrow('stopped')
    expect(readdirSync(root)).toEqual(['set'])
  })
})

describe('light', () => {
  const picture = (value: number) => new Uint8Array(12).fill(value)
  const mask = Uint8Array.of(255, 0, 200, 100)

  it('is the log of how much brighter the same person is', () => {
    const lit = picture(80)
    lit[3] = 255 // nobody is there
    for (const gain of lightBetween([lit, mask], [picture(40), mask])) expect(gain).toBeCloseTo(Math.log(2), 6)
  })

  it('is as it was where nobody is seen', () => {
    expect(lightBetween([picture(80), new Uint8Array(4)], [picture(40), mask])).toEqual([0, 0, 0])
  })
})

describe('the synthetic dataset', () => {
  const open = (made: MadeClips) =>
    openSynthetic({
      clips: 6,
      seed: 100,
      frames: 2,
      sizes: [
        [48, 32],
        [32, 48],
      ],
      made,
    })

  it('makes clips when asked for, the same each time, whatever is still kept', () => {
    const dataset = open(new MadeClips({ megabytes: 0.04 }))
    const first = dataset.read(0)
    for (const i of [1, 2, 3, 4, 5]) dataset.read(i)
    expect(dataset.read(0)).toEqual(first)
    expect(dataset.readPoses(0).poses).toEqual(first.poses)
    expect(open(new MadeClips()).batchAt(3, 0, 2)).toEqual(dataset.batchAt(3, 0, 2))
  })

  it('has each clip made once for all that share them', () => {
    const made = new MadeClips()
    expect(open(made).read(1)).toBe(open(made).read(1))
    expect(open(made).read(1)).not.toBe(open(new MadeClips()).read(1))
  })

  it('has the same clips where others make them, and hears of what they cannot make', async () => {
    const makers = new ClipMakers(2)
    try {
      const [alone, together] = [open(new MadeClips()), open(new MadeClips({ makers }))]
      for (const reader of ['read', 'readPlace', 'readPoses'] as const) {
        await together.soon!(reader, [0, 1, 1])
        for (const i of [0, 1, 2]) expect(together[reader](i)).toEqual(alone[reader](i))
      }
      const impossible = openSynthetic({ clips: 1, seed: 0, sizes: [[7, 7]], made: new MadeClips({ makers }) })
      await expect(impossible.soon!('read', [0])).rejects.toThrow('size 7x7')
    } finally {
      await makers.close()
    }
  })
})
