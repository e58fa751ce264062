import { expect, test } from 'vitest'
import { cropRect, dragCrop, fitFrame, pictureRect } from './motion-frame'

const wide = { width: 2000, height: 1000 }
const square = { width: 512, height: 512 }
const middle = { x: 0.5, y: 0.5, zoom: 1 }

test('the frame is as large as the panel allows, centred', () => {
  expect(fitFrame({ width: 820, height: 620 }, { width: 640, height: 320 }, 10)).toEqual({
    x: 10,
    y: 110,
    width: 800,
    height: 400,
  })
})

test('at zoom 1 as much of the place is shown as fills the frame', () => {
  expect(cropRect(wide, square, middle)).toEqual({ x: 500, y: 0, width: 1000, height: 1000 })
  expect(cropRect(wide, square, { ...middle, zoom: 2 })).toEqual({ x: 750, y: 250, width: 500, height: 500 })
})

test('the crop never reaches outside the place', () => {
  expect(cropRect(wide, square, { x: 0, y: 1, zoom: 1 }).x).toBe(0)
  expect(cropRect(wide, square, { x: 1, y: 1, zoom: 1 })).toMatchObject({ x: 1000, y: 0 })
})

test('the whole place lies so that its shown part fills the frame', () => {
  const frame = { x: 10, y: 20, width: 500, height: 500 }
  expect(pictureRect(wide, cropRect(wide, square, middle), frame)).toEqual({ x: -240, y: 20, width: 1000, height: 500 })
})

test('dragging the place moves it with the pointer, as far as it goes', () => {
  const before = cropRect(wide, square, middle)
  const dragged = dragCrop(wide, square, middle, 0.1, 0)
  expect(cropRect(wide, square, dragged).x).toBeCloseTo(before.x - 0.1 * before.width)
  expect(cropRect(wide, square, dragCrop(wide, square, middle, -9, -9))).toMatchObject({ x: 1000, y: 0 })
})
