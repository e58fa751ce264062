// Every operation on WebGPU against the processor, on SwiftShader.
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Sameness } from '../../../test/support/same-on-webgpu'
import { onSwiftShader, swiftShader } from '../../../test/support/swiftshader'

const card = swiftShader()
const compare = path.resolve(import.meta.dirname, '../../../test/support/same-on-webgpu.ts')
const worst = ({ differences }: Sameness): number => Math.max(...Object.values(differences))
const patience = 400_000

describe.skipIf(!card)('on WebGPU (SwiftShader of an Electron or Chromium build)', () => {
  it(
    'every operation and its gradient agrees; one falls back for more than the numbers of rows',
    async () => {
      const all = (await onSwiftShader(card!, compare, 'operations')) as Sameness[]
      for (const operation of all) expect(worst(operation), operation.name).toBeLessThan(1e-4)
      const rowNumbers = ['Cast', 'Reshape']
      const fallen = all.filter((operation) => Object.keys(operation.fallen).some((op) => !rowNumbers.includes(op)))
      expect(fallen.map(({ name }) => name)).toEqual(['maxPool2d 0', 'maxPool2d 1'])
    },
    patience,
  )
})
