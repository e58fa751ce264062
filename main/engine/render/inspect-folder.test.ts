import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeDiffusersFolder } from '../../../test/support/diffusers-folder'
import { temporaryFolder } from '../../../test/support/library'
import { holesAreFree, writePublishedFolder } from '../../../test/support/published-folder'
import { inspectFolder } from './inspect-folder'

describe('the report of a model folder', () => {
  it.runIf(holesAreFree)('tells the published model at its full size, without reading it', { timeout: 30_000 }, () => {
    const dir = path.join(temporaryFolder(), 'models--zai-org--CogVideoX1.5-5B-I2V', 'snapshots', '0a1b2c')
    writePublishedFolder(dir)
    const before = process.memoryUsage.rss()
    const started = performance.now()
    const { name, parts, bytes, memory, notes } = inspectFolder(dir)
    expect(performance.now() - started).toBeLessThan(15_000)
    expect(process.memoryUsage.rss() - before).toBeLessThan(500e6)
    expect(name).toBe('CogVideoX1.5-5B-I2V')
    expect(parts).toMatchObject({
      transformer: { tensors: 1028, parameters: 5_571_594_880, dtypes: { bfloat16: 11_143_189_760 } },
      vae: { tensors: 436, parameters: 215_583_907, dtypes: { float32: 862_335_628 } },
      text_encoder: { tensors: 219, parameters: 4_762_310_656 },
    })
    expect(bytes).toBe(21_530_146_700)
    const [large, small] = memory
    expect(large!.clip).toBe('81 frames of 1360x768')
    // The tokens of a clip and what a block makes of them: it grows with the clip, the weights do not.
    expect(large!.needs).toBeGreaterThan(small!.needs)
    expect(small!.needs).toBeGreaterThan(2e9)
    expect(notes.filter((note) => note.includes('text encoder'))).toEqual([])
  })

  it('says what is missing', () => {
    const dir = temporaryFolder()
    writeDiffusersFolder(dir, { text: false, layers: 20 })
    expect(inspectFolder(dir).notes).toEqual([
      'no text encoder: the zero embedding, which the model was trained with for no text, stands for every prompt',
    ])
  })
})
