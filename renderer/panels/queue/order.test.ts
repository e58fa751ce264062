import { describe, expect, it } from 'vitest'
import { gapAt, moveBy, moveToGap } from './order'

const queue = ['a', 'b', 'c', 'd'].map((id) => ({ id }))

/** What the queue looks like after jobs.move. */
function after(id: string, before: string | null | undefined): string {
  if (before === undefined) return 'abcd'
  const others = queue.map((job) => job.id).filter((other) => other !== id)
  others.splice(before === null ? others.length : others.indexOf(before), 0, id)
  return others.join('')
}

describe('moving a queued job', () => {
  it.each([
    ['c', -1, 'acbd'],
    ['c', 1, 'abdc'],
    ['a', 1, 'bacd'],
    ['b', 2, 'acdb'],
    ['d', -3, 'dabc'],
  ])('%s by %d gives %s', (id, by, result) => expect(after(id, moveBy(queue, id, by))).toBe(result))

  it('stops at the ends', () => {
    expect(moveBy(queue, 'a', -1)).toBeUndefined()
    expect(moveBy(queue, 'd', 1)).toBeUndefined()
    expect(moveBy(queue, 'x', 1)).toBeUndefined()
  })

  it.each([
    ['a', 4, 'bcda'],
    ['a', 2, 'bacd'],
    ['d', 0, 'dabc'],
    ['b', 1, 'abcd'],
    ['b', 2, 'abcd'],
  ])('%s dropped into gap %d gives %s', (id, gap, result) => expect(after(id, moveToGap(queue, id, gap))).toBe(result))

  it('a drop lands in the nearest gap', () => {
    const rows = [0, 40, 80].map((top) => ({ top, height: 40 }))
    expect([-5, 19, 21, 65, 119].map((y) => gapAt(rows, y))).toEqual([0, 0, 1, 2, 3])
  })
})
