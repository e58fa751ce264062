import fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { anywhere, stopAll } from '../../test/support/anywhere'
import { writeDiffusersFolder } from '../../test/support/diffusers-folder'
import { openLibrary, temporaryFolder } from '../../test/support/library'
import { beginSession } from '../studio/session'

afterEach(stopAll)

describe('anywhere import', { timeout: 60_000 }, () => {
  it('says what the folder is and needs, and makes the library refer to it', async () => {
    const dir = path.join(temporaryFolder(), 'CogVideoX-small')
    const home = temporaryFolder()
    writeDiffusersFolder(dir)
    fs.rmSync(path.join(dir, 'text_encoder'), { recursive: true })
    const { code, stdout, stderr } = await anywhere(['import', dir, '--home', home])
    expect(stderr).toBe(
      'note: no text encoder: the zero embedding, which the model was trained with for no text, stands for every prompt\n',
    )
    expect(stdout).toMatch(/^.*CogVideoX-small: complete and whole\n/)
    expect(stdout).toContain('  transformer  1,028 tensors  1,088,448 parameters  bfloat16  2.2 MB  3 files\n')
    expect(stdout).toContain('  vae          436 tensors    909,547 parameters    float32   3.6 MB  1 file\n')
    expect(stdout).toMatch(/^disk: 5\.8 MB where they are, nothing is copied; [\d.]+ GB free$/m)
    expect(stdout).toMatch(/^ {2}81 frames of 1360x768: needs [\d.]+ [MG]B, have [\d.]+ GB/m)
    expect(stdout).toMatch(/^"CogVideoX-small" is now known to the studio in ".*"; on the command line: --model /m)
    expect(code).toBe(0)

    const { library } = await openLibrary(home)
    const [model] = library.list({ kind: 'model' })
    expect(model).toMatchObject({ name: 'CogVideoX-small', folder: fs.realpathSync(dir) })
    expect(library.fileOf(model!.id)).toBe(fs.realpathSync(dir))
  })

  it('refuses a damaged folder in one line and registers nothing', async () => {
    const dir = temporaryFolder()
    const home = path.join(temporaryFolder(), 'home')
    writeDiffusersFolder(dir, { layers: 1 })
    const shard = path.join(dir, 'transformer/diffusion_pytorch_model-00002-of-00003.safetensors')
    fs.rmSync(shard)
    const { code, error, stdout } = await anywhere(['import', dir, '--home', home])
    expect(error).toMatch(/^the shard ".*00002-of-00003\.safetensors" is missing; .* download it again$/)
    expect(stdout).toBe('')
    expect(code).toBe(2)
    expect(fs.existsSync(path.join(home, 'library'))).toBe(false)
  })

  it('does not disturb a studio that is open', async () => {
    const dir = temporaryFolder()
    const home = temporaryFolder()
    writeDiffusersFolder(dir, { layers: 1 })
    const session = beginSession(home)
    const { code, error } = await anywhere(['import', dir, '--home', home, '--json'])
    session.end()
    expect(error).toBe(
      `the studio is open in "${home}": import the folder there (Settings > Import model), or close it and try again`,
    )
    expect(code).toBe(2)
  })
})
