import { expect, test } from 'vitest'
import { renderSettings, defaultSettings } from '../../../main/api'
import { framesOfMotion, presetSizes, withSide } from './sizes'

test('a side snaps to sixteen pixels', () => {
  expect(withSide({ width: 640, height: 368 }, 'width', 700, undefined)).toEqual({ width: 704, height: 368 })
  expect(withSide({ width: 640, height: 368 }, 'height', 1, undefined)).toEqual({ width: 640, height: 128 })
})

test('a locked shape follows the side that is set', () => {
  expect(withSide({ width: 640, height: 368 }, 'width', 1280, 640 / 368)).toEqual({ width: 1280, height: 736 })
  expect(withSide({ width: 640, height: 368 }, 'height', 736, 640 / 368)).toEqual({ width: 1280, height: 736 })
  // Its range goes before its shape.
  expect(withSide({ width: 640, height: 368 }, 'height', 2048, 640 / 368)).toEqual({ width: 2048, height: 2048 })
})

test('every size offered is a size that can be rendered', () => {
  for (const size of presetSizes) expect(renderSettings.safeParse({ ...defaultSettings, ...size }).success).toBe(true)
})

test('a clip is as long as its motion, up to ten seconds', () => {
  expect(framesOfMotion(3, 24)).toBe(72)
  expect(framesOfMotion(60, 24)).toBe(240)
  expect(framesOfMotion(0, 24)).toBe(1)
})
