import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeDiffusersFolder } from '../../../../test/support/diffusers-folder'
import { temporaryFolder } from '../../../../test/support/library'
import { openDiffusersFolder } from '../../weights/diffusers-folder'
import { loadWeights } from '../../weights/load'
import { openTextEncoder } from './text-encoder'
import type { TextModel } from './text-encoder'

async function encode(model: TextModel, prompt: string): Promise<Float32Array> {
  const encoder = openTextEncoder(model)
  const { shape, data } = await encoder.encode(prompt)
  expect(shape).toEqual([226, 32])
  await encoder.dispose()
  return data as Float32Array
}

describe('the text encoder of an imported folder', () => {
  it('computes from the files what it computes from memory, and differs from prompt to prompt', async () => {
    const dir = temporaryFolder()
    writeDiffusersFolder(dir, { layers: 1 })
    const folder = openDiffusersFolder(dir)
    const inMemory = { ...folder.textEncoder!, weights: loadWeights(path.join(dir, 'text_encoder')) }

    const fromFiles = await encode(folder, 'a dancer in the room')
    expect(fromFiles.every(Number.isFinite)).toBe(true)
    expect(fromFiles).toEqual(await encode({ ...folder, textEncoder: inMemory }, 'a dancer in the room'))
    expect(fromFiles).not.toEqual(await encode(folder, 'a walker in the room'))
    expect(await encode(folder, '')).not.toEqual(new Float32Array(226 * 32)) // the empty prompt is not the zero embedding
  })

  it('is the zero embedding where the folder has none', async () => {
    const dir = temporaryFolder()
    writeDiffusersFolder(dir, { layers: 1, text: false })
    expect(fs.existsSync(path.join(dir, 'text_encoder'))).toBe(false)
    expect(await encode(openDiffusersFolder(dir), 'a dancer')).toEqual(new Float32Array(226 * 32))
  })
})
