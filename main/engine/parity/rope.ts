// Parity of rotary tables at real sizes. Groups `<H>x<W>x<F>` (latent height, width, frames) hold sampled rows of the 1.5 models' tables.
import { UserError } from '../../media/errors'
import { gridPositions, rotaryTables } from '../models/cogvideox'
import { floatsOf, groupsWith, numbersOf, relativeError, tensorOf } from './fixture'
import type { Comparison, Fixture, FixtureKind } from './fixture'

const groupName = /^(\d+)x(\d+)x(\d+)$/

export const ropeKind: FixtureKind = {
  name: 'rotary tables',
  recognises: (fixture) => {
    const groups = groupsWith(fixture, 'rows')
    return groups.length > 0 && groups.every((group) => groupName.test(group))
  },
  run: (fixture) => groupsWith(fixture, 'rows').flatMap((group) => compareGroup(fixture, group)),
}

function compareGroup(fixture: Fixture, group: string): Comparison[] {
  const [height, width, frames] = group.split('x').map(Number) as [number, number, number]
  const headDim = tensorOf(fixture, `${group}.cos`).shape[1]!
  // Patches of 2x2 pixels of latent and two frames; an odd count of frames is padded by one.
  const grid = { time: Math.floor((frames + 1) / 2), height: height / 2, width: width / 2 }
  const tables = rotaryTables(gridPositions(grid), headDim)
  const rows = numbersOf(fixture, `${group}.rows`)
  const outside = rows.find((row) => !(row >= 0 && row < tables.cos.shape[0]!))
  if (outside !== undefined) throw new UserError(`${fixture.path}: ${group} has no row ${outside}`)
  return (['cos', 'sin'] as const).map((part) => {
    const table = tables[part].data as Float32Array
    const sampled = rows.flatMap((row) => [...table.subarray(row * headDim, (row + 1) * headDim)])
    return { name: `${group}.${part}`, error: relativeError(sampled, floatsOf(fixture, `${group}.${part}`)) }
  })
}
