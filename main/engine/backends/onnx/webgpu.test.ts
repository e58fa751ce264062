// The programs on WebGPU against the processor. Where there is no graphics card, on SwiftShader: slow, but the same shaders.
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Sameness } from '../../../../test/support/same-on-webgpu'
import { onSwiftShader, swiftShader } from '../../../../test/support/swiftshader'

const card = swiftShader()
const compare = path.resolve(import.meta.dirname, '../../../../test/support/same-on-webgpu.ts')
const same = async (what: 'step' | 'sampling'): Promise<Sameness[]> =>
  (await onSwiftShader(card!, compare, what)) as Sameness[]
const worst = ({ differences }: Sameness): number => Math.max(...Object.values(differences))
const patience = 400_000

describe.skipIf(!card)('on WebGPU (SwiftShader of an Electron or Chromium build)', () => {
  it(
    'a whole training step agrees with the processor to 1e-3 in every loss, gradient and updated weight, and runs there',
    async () => {
      const [step, update] = await same('step')
      expect(Object.keys(step!.differences).length).toBeGreaterThan(200)
      expect(worst(step!), JSON.stringify(step!.differences)).toBeLessThan(1e-3)
      expect(Object.keys(update!.differences)).toEqual(['p', 'm', 'v', 'ema'])
      expect(worst(update!)).toBeLessThan(1e-3)
      // Numbers of frames and of rows are fed as int64, and made int32 on the way to the card.
      expect(Object.keys(step!.fallen)).toEqual(['Cast'])
      expect(step!.onDevice).toBeGreaterThan(3000)
      expect(update!.fallen).toEqual({})
    },
    patience,
  )

  it(
    'a denoising step agrees, and nothing of it falls back',
    async () => {
      const [step] = await same('sampling')
      expect(worst(step!), JSON.stringify(step!.differences)).toBeLessThan(1e-3)
      expect(step!.fallen).toEqual({})
    },
    patience,
  )
})
