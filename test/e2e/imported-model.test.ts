// An imported model from end to end, by the command line alone: a folder of the published layout with all 1,028 names of the transformer
// (at reduced width) is imported, renders a clip, trains an adapter for ten steps, and the adapter changes the clip.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anywhere, stopAll } from '../support/anywhere'
import { writeDiffusersFolder } from '../support/diffusers-folder'

const asset = (name: string): string => path.resolve(import.meta.dirname, '../../assets', name)

describe('an imported model', { timeout: 600_000 }, () => {
  let folder: string
  const at = (name: string): string => path.join(folder, name)
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'anywhere-imported-'))
    writeDiffusersFolder(at('model'), { textTokens: 16 })
  })
  afterAll(() => {
    stopAll()
    rmSync(folder, { recursive: true, force: true })
  })

  const render = (out: string, ...more: string[]) =>
    anywhere([
      ...[
        'render',
        '--model',
        at('model'),
        '--human',
        asset('humans/ines.png'),
        '--background',
        asset('backgrounds/loft.jpg'),
      ],
      ...[
        '--motion',
        asset('motions/walk.json'),
        '--size',
        '64x64',
        '--frames',
        '5',
        '--steps',
        '2',
        '--out',
        at(out),
        ...more,
      ],
    ])

  it('is checked and named', async () => {
    const { code, stdout } = await anywhere(['import', at('model'), '--home', at('home'), '--json'])
    expect(code).toBe(0)
    expect(stdout).toContain('"tensors":1028')
  })

  it('renders, and so it does with what ten steps on own footage made', async () => {
    expect(await render('plain.mp4')).toMatchObject({ code: 0, error: '' })
    const clips = ['synth', '--clips', '2', '--frames', '9', '--size', '48x32,32x48', '--out', at('footage')]
    expect(await anywhere(clips)).toMatchObject({ code: 0 })
    const trained = await anywhere([
      ...[
        'train',
        '--model',
        at('model'),
        '--stage',
        'adapter',
        '--data',
        at('footage'),
        '--steps',
        '10',
        '--batch',
        '1',
      ],
      ...['--learning-rate', '0.01', '--out', at('adapter.safetensors')],
    ])
    expect(trained).toMatchObject({ code: 0, error: '' })
    expect(existsSync(at('adapter.safetensors.latents'))).toBe(false)
    expect(await render('adapted.mp4', '--adapter', at('adapter.safetensors'))).toMatchObject({ code: 0, error: '' })
    const about = (name: string) => JSON.parse(readFileSync(at(name), 'utf8')) as Record<string, unknown>
    expect(about('adapted.json').adapter).toMatchObject({ file: 'adapter.safetensors' })
    expect(about('plain.json').adapter).toBeUndefined()
    expect(readFileSync(at('adapted.mp4')).equals(readFileSync(at('plain.mp4')))).toBe(false)
  })
})
