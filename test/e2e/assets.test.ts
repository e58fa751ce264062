// The bundled samples: few bytes, and each fit for what it is there for.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { detectPerson } from '../../main/engine/perception'
import { readPicture } from '../../main/media'
import { parseMotion, projectMotion } from '../../main/motion'

const folder = path.resolve(import.meta.dirname, '../../assets')
const files = (kind: string) => readdirSync(path.join(folder, kind)).map((name) => path.join(kind, name))
const humans = files('humans')
const backgrounds = files('backgrounds')
const motions = files('motions')

describe('bundled samples', () => {
  it('take less than 6 MB without the model', () => {
    const bytes = [...humans, ...backgrounds, ...motions].reduce(
      (sum, file) => sum + statSync(path.join(folder, file)).size,
      0,
    )
    expect(bytes).toBeLessThan(6e6)
  })

  it.each(humans)('%s shows one whole person', async (file) => {
    const picture = await readPicture(path.join(folder, file))
    const { keypoints, mask, score, people } = await detectPerson(picture)
    expect(people).toBe(1)
    expect(score).toBeGreaterThan(0.9)
    for (let point = 0; point < 18; point++) expect(keypoints.body[point * 3 + 2]).toBeGreaterThan(0.5)
    const share = mask.reduce((sum, value) => sum + value, 0) / mask.length
    expect(share).toBeGreaterThan(0.1)
    expect(share).toBeLessThan(0.3)
  })

  it.each(backgrounds)('%s is large enough for a frame of 1080 pixels', async (file) => {
    const { width, height } = await readPicture(path.join(folder, file))
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(1080)
  })

  it.each(motions)('%s keeps the whole person in a wide and in an upright frame', (file) => {
    const motion = parseMotion(readFileSync(path.join(folder, file), 'utf8'), path.basename(file))
    for (const [width, height] of [
      [640, 360],
      [360, 640],
    ] as const) {
      const { frames } = projectMotion(motion, { width, height, fps: 12 })
      for (const { body } of frames)
        for (let point = 0; point < 18; point++) {
          if (body[point * 3 + 2] === 0) continue // turned away
          expect(body[point * 3]).toBeGreaterThan(0)
          expect(body[point * 3]).toBeLessThan(width)
          expect(body[point * 3 + 1]).toBeGreaterThan(0)
          expect(body[point * 3 + 1]).toBeLessThan(height)
        }
    }
  })
})
