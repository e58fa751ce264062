import { describe, expect, it } from 'vitest'
import { curvesPage, niceTicks } from './curves'
import type { CurvePoint } from './curves'

const point = (x: number, psnr: number, half: number): CurvePoint => ({
  x,
  name: `model-${x}`,
  metrics: { psnr, pan_r: NaN },
  ci: { psnr: [psnr - half, psnr + half] },
})

describe('curves', () => {
  const page = curvesPage({ title: 'A <model>', axis: 'training steps', points: [point(2000, 22, 0.5), point(1000, 20, 1)] }, ['psnr', 'pan_r']) // prettier-ignore

  it('are one chart a metric, in the order of the axis', () => {
    expect(page.match(/<svg /g)).toHaveLength(2)
    const [line] = page.match(/<polyline[^>]*points="([^"]*)"/)!.slice(1)
    const [first, second] = line!.split(' ').map((at) => at.split(',').map(Number)) as [number[], number[]]
    expect(first[0]).toBeLessThan(second[0]!)
    expect(first[1]).toBeGreaterThan(second[1]!) // a larger figure lies higher, where y is smaller
    expect(page).toContain('<title>model-1000: 20 (19 to 21)</title>')
  })

  it('say so where no clip tells the figure, and let no name break the page', () => {
    expect(page).toContain('no clip tells it')
    expect(page).toContain('A &lt;model&gt;')
    expect(page).not.toContain('NaN')
  })

  it('are drawn for one point and for equal figures', () => {
    const one = curvesPage({ title: 't', axis: 'steps', points: [point(4, 20, 0)] }, ['psnr'])
    expect(one).not.toMatch(/NaN|Infinity/)
  })

  it('have round numbers beside them', () => {
    expect(niceTicks(0, 1)).toEqual([0, 0.25, 0.5, 0.75, 1])
    expect(niceTicks(19.2, 22.3)).toEqual([19, 20, 21, 22, 23])
    expect(niceTicks(3, 3)).toContain(3)
  })
})
