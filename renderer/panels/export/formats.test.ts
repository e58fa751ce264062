import { expect, test } from 'vitest'
import { exportFormats, exportRequest } from '../../../main/api'
import { exportOf, formats, longSides, ownRange, qualities, rates } from './formats'

test('every format has words, and every choice is one that the studio takes', () => {
  for (const format of exportFormats)
    for (const { value: quality } of qualities)
      for (const longSide of longSides)
        for (const fps of rates) {
          expect(formats[format].label).toBeTruthy()
          const request = exportOf(['clip_0123456789abcdef'], { format, quality, longSide, fps, folder: null })
          expect(exportRequest.parse(request)).toEqual(request)
        }
})

test('what a format does not have is not sent', () => {
  const chosen = { quality: 'draft', longSide: 640, fps: 12, folder: null } as const
  expect(exportOf([], { format: 'png', ...chosen })).toMatchObject({ quality: 'good', fps: 12 })
  expect(exportOf([], { format: 'contact-sheet', ...chosen })).toMatchObject({
    quality: 'good',
    fps: null,
    longSide: 640,
  })
  expect(exportOf([], { format: 'gif', ...chosen })).toMatchObject({ quality: 'draft', fps: 12 })
})

test('the size of several clips is a range', () => {
  expect(ownRange([640, 640])).toBe('640')
  expect(ownRange([1280, undefined, 640])).toBe('640 to 1280')
  expect(ownRange([undefined])).toBe('')
})
