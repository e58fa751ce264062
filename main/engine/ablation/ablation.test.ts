import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ablate, markdown, microBudget } from '.'
import type { AblationOptions, Report } from '.'
import { tables, variantName, variantsOf } from './plan'

const top = mkdtempSync(path.join(os.tmpdir(), 'anywhere-ablation-'))
afterAll(() => {
  rmSync(top, { recursive: true })
})

const usual = microBudget(6, { clips: 3, steps: 1, guidance: 1 })
/** The micro budget in minute: what matters here is that nothing is lost, not that anything is learned. */
const minute: AblationOptions['budget'] = {
  ...usual,
  config: {
    ...usual.config,
    transformer: { ...usual.config.transformer, num_layers: 2 },
    frames: 3,
  },
  ...{ width: 48, height: 32, every: 2 },
  poses: { ...usual.poses, clips: 6, batch: 2, steps: 4 },
  places: { ...usual.places, clips: 4, batch: 2, steps: 3 },
  control: { ...usual.control, clips: 6, batch: 2, steps: 5 },
  joint: { ...usual.joint, clips: 3, batch: 2, steps: 5 },
}

type Watch = NonNullable<AblationOptions['onProgress']>

/** A run of table II with one seed into folder `name`. */
function table(
  name: string,
  onProgress: Watch = () => undefined,
  signal = new AbortController().signal,
): Promise<Report> {
  return ablate({ tables: ['bml'], seeds: 1, budget: minute, folder: path.join(top, name), onProgress, signal })
}

describe('an ablation', () => {
  it('that is killed in one stage and stopped in another ends with the same numbers as one that runs through', async () => {
    const whole = await table('whole')
    const die: Watch = ({ doing, step }) => {
      if (doing === 'bml-none-seed0 control' && step === 3 + minute.places.steps + minute.poses.steps)
        throw new Error('killed')
    }
    await expect(table('broken', die)).rejects.toThrow('killed')
    const stop = new AbortController()
    const ask: Watch = ({ doing }) => {
      if (doing === 'none-none-seed0 joint') stop.abort(new Error('stopped'))
    }
    await expect(table('broken', ask, stop.signal)).rejects.toThrow('stopped')

    const doings: string[] = []
    const resumed = await table('broken', ({ doing }) => void doings.push(doing))
    expect(resumed).toEqual(whole)
    // Nothing finished was done again: of the second run's joint stage only the steps that were left.
    expect(doings.filter((doing) => doing.startsWith('bml-none'))).toEqual([])
    expect(doings.filter((doing) => doing === 'none-none-seed0 joint')).toHaveLength(4)

    expect(whole.runs.map(({ variant }) => variant)).toEqual(['bml-none', 'none-none', 'two-stage-none'])
    const { rows, claims } = whole.tables.bml!
    for (const { metrics } of rows) expect(metrics.psnr!.mean).toBeGreaterThan(10)
    expect(claims.map(({ metrics }) => metrics.psnr!.verdict)).toEqual(['not resolved', 'not resolved'])
    expect(markdown(whole)).toContain('| with BML before explicit two-stage |')
    const left = readdirSync(path.join(top, 'broken'), { recursive: true }) as string[]
    expect(left.filter((file) => file.includes('checkpoint'))).toEqual([])
  })

  it('refuses the models of another budget, naming the file', async () => {
    const folder = path.join(top, 'whole')
    expect(existsSync(folder)).toBe(true)
    const budget = { ...minute, joint: { ...minute.joint, steps: 7 } }
    const other = ablate({ tables: ['bml'], seeds: 1, budget, folder, signal: new AbortController().signal })
    await expect(other).rejects.toThrow(/whole.bml-none-seed0.joint.safetensors was trained with another budget/)
  })
})

describe('the tables', () => {
  it('share the runs of equal variants: II, III and IV need nine', () => {
    expect(variantsOf(['bml', 'epipolar', 'threshold']).map(variantName)).toEqual([
      ...['bml-none', 'none-none', 'two-stage-none', 'bml-adaptive30', 'bml-strict'],
      ...['bml-adaptive10', 'bml-adaptive50', 'bml-adaptive70', 'bml-adaptive90'],
    ])
  })

  it('have the row that the paper found best at their top', () => {
    expect(Object.values(tables).map(({ rows }) => rows[0].label)).toEqual(['with BML', 'adaptive (30%)', '30%'])
  })
})
