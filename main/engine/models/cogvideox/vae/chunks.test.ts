// Cutting in time: the table of cogvideox-facts 6.1.
import { describe, expect, it } from 'vitest'
import { chunkFrames, timeChunks } from './chunks'

const lengths = (count: number, size: number) => timeChunks(count, size).map(([start, end]) => end - start)

describe('timeChunks', () => {
  it.each([
    [1, [1]],
    [8, [8]],
    [9, [9]],
    [17, [9, 8]],
    [21, [13, 8]],
    [81, [9, 8, 8, 8, 8, 8, 8, 8, 8, 8]],
    [85, [13, 8, 8, 8, 8, 8, 8, 8, 8, 8]],
  ])('%i pixel frames are encoded as %j', (count, expected) => {
    expect(lengths(count, chunkFrames.encode)).toEqual(expected)
  })

  it.each([
    [1, [1]],
    [2, [2]],
    [3, [3]],
    [4, [2, 2]],
    [5, [3, 2]],
    [22, [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]],
  ])('%i latent frames are decoded as %j', (count, expected) => {
    expect(lengths(count, chunkFrames.decode)).toEqual(expected)
  })

  it('leaves no gap', () => {
    for (let count = 1; count < 40; count++) {
      const chunks = timeChunks(count, 8)
      expect(chunks[0]![0]).toBe(0)
      expect(chunks.at(-1)![1]).toBe(count)
      chunks.slice(1).forEach(([start], i) => expect(start).toBe(chunks[i]![1]))
    }
  })
})
