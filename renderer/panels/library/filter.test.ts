import { expect, test } from 'vitest'
import type { Asset } from '../../../main/api'
import { filterAssets, moveInGrid, rangeBetween } from './filter'

const asset = (name: string, tags: string[] = [], starred = false) =>
  ({ id: name, name, tags, starred }) as unknown as Asset
const assets = [asset('Mara', ['red coat']), asset('Tom', ['coat'], true), asset('Ines')]
const names = (search: string, starred = false) => filterAssets(assets, search, starred).map(({ name }) => name)

test('every word must be found, in the name or a tag', () => {
  expect(names('')).toEqual(['Mara', 'Tom', 'Ines'])
  expect(names('COAT')).toEqual(['Mara', 'Tom'])
  expect(names('coat mar')).toEqual(['Mara'])
  expect(names('coat', true)).toEqual(['Tom'])
})

test('arrow keys walk the grid and stop at its edges', () => {
  expect(moveInGrid('ArrowRight', 0, 5, 2)).toBe(1)
  expect(moveInGrid('ArrowLeft', 0, 5, 2)).toBe(0)
  expect(moveInGrid('ArrowDown', 1, 5, 2)).toBe(3)
  expect(moveInGrid('ArrowDown', 3, 5, 2)).toBe(4)
  expect(moveInGrid('ArrowDown', 4, 5, 2)).toBe(4)
  expect(moveInGrid('End', 0, 5, 2)).toBe(4)
  expect(moveInGrid('x', 0, 5, 2)).toBeUndefined()
})

test('a range runs either way', () => {
  expect(rangeBetween(['a', 'b', 'c', 'd'], 'b', 'd')).toEqual(['b', 'c', 'd'])
  expect(rangeBetween(['a', 'b', 'c', 'd'], 'c', 'a')).toEqual(['a', 'b', 'c'])
  expect(rangeBetween(['a', 'b'], undefined, 'b')).toEqual(['b'])
})
