// A small share of `npm run fuzz`, from another seed: a parser that can be thrown off easily does not pass.
import { describe, expect, it } from 'vitest'
import { targets } from './targets'
import { watch } from './watch'

/** Projects and folders take ten times as long as the others. */
const slow = ['project', 'diffusers folder']
const share = (name: string): number => (slow.includes(name) ? 150 : 800)

describe.concurrent('spoilt files are refused in one line, or read into something sound', () => {
  it.each(targets)('$name', async ({ name, extension }) => {
    const { findings, accepted, refused, inputs } = await watch({
      target: name,
      extension,
      seed: 2,
      inputs: share(name),
    })
    expect(findings).toEqual([])
    expect(accepted + refused).toBe(share(name))
    // Accidents are neither all fatal nor all harmless, or the inputs would test little.
    expect(accepted).toBeGreaterThan(0.02 * inputs)
    expect(refused).toBeGreaterThan(0.05 * inputs)
  })
})
