import { describe, expect, it } from 'vitest'
import { boundsOf, withRoom } from './bounds'

const mask = Float32Array.from([...[0, 0, 0, 0, 0], ...[0, 0, 0.2, 1, 0], ...[0, 0.5, 0, 0, 0], ...[0, 0, 0, 0, 0]])

describe('the box around what is in a picture', () => {
  it('holds all that is above the least, and no more', () => {
    expect(boundsOf(mask, 5, 4, 0)).toEqual({ x: 1, y: 1, width: 3, height: 2 })
    expect(boundsOf(mask, 5, 4, 0.6)).toEqual({ x: 3, y: 1, width: 1, height: 1 })
    expect(boundsOf(mask, 5, 4, 1)).toBeUndefined()
  })

  it('gets room on each side as far as there is any', () => {
    const box = { x: 1, y: 1, width: 3, height: 2 }
    expect(withRoom(box, 1, 5, 9)).toEqual({ x: 0, y: 0, width: 5, height: 4 })
    expect(withRoom(box, 2, 9, 4)).toEqual({ x: 0, y: 0, width: 6, height: 4 })
  })
})
