// Where the people are: the detector on the whole picture and on overlapping parts of it, so that a small figure in a large picture is found too. The detector also sees people in drums, stairs and rocks: whoever it finds must be seen again, just as
// surely, in views centred on the find, one of them mirrored.
import type { Picture } from '../../media'
import { DETECTOR_SIDE, bodyRegion, decodeDetections } from './detector'
import { detectorNetwork } from './networks'
import { type Region, cutRegion, fromRegion } from './region'

/** Somebody in the picture: the square around the whole body in picture pixels, and how sure the detector is (0..1). */
export interface Person {
  region: Region
  score: number
}

/** A first sight worth a second look, and the mean over the second looks that makes it a person. Of 35 pictures with people (photographs, variants of them, video frames) the least sure had 0.88; none of 44 of scenery passed. */
const SUSPECT = 0.45
const CERTAIN = 0.86
/** Views of the picture: their side as a share of its long side. The smallest ones only when the others show nobody. They overlap by half. */
const SHARES = [1, 0.55, 0.3]
/** A figure whose square is a smaller share of the long side is scenery, not a subject. */
const SMALLEST = 0.06
/** Second looks take this much more than the body's square; the find must lie this near their middle (in sides of the view). */
const ROOM = 1.3
const NEAR = 0.12
/** No more finds than this are looked at again. */
const MOST = 12

/** Everybody in the picture, the largest first. */
export async function findPeople(picture: Picture): Promise<Person[]> {
  const long = Math.max(picture.width, picture.height)
  const people: Person[] = []
  for (const share of SHARES) {
    if (share < 0.5 && people.length > 0) break
    if (share < 1 && share * long < DETECTOR_SIDE) break
    const suspects: Person[] = []
    for (const view of views(picture, share * long)) suspects.push(...(await look(picture, view)))
    for (const suspect of distinct(suspects, people).slice(0, MOST)) {
      const person = await confirm(picture, suspect)
      if (person && person.region.size >= SMALLEST * long) people.push(...distinct([person], people))
    }
  }
  return people.sort((a, b) => b.region.size - a.region.size)
}

async function look(picture: Picture, view: Region, mirrored = false): Promise<Person[]> {
  const detect = await detectorNetwork()
  const image = await cutRegion(picture, view, DETECTOR_SIDE, [-1, 1], 'black')
  if (mirrored) mirror(image, DETECTOR_SIDE)
  const { boxes, scores } = await detect(image)
  return decodeDetections(boxes, scores, SUSPECT).map(({ points, score }) => {
    const [hips, edge] = points.map(([u, v]) => fromRegion(view, mirrored ? 1 - u : u, v)) as [
      [number, number],
      [number, number],
    ]
    return { region: bodyRegion(hips, edge), score }
  })
}

/** The suspect as seen in views of its own, or undefined when these do not bear it out. */
async function confirm(picture: Picture, suspect: Person): Promise<Person | undefined> {
  const first = around(suspect.region, 0)
  const centred = surest(await look(picture, first), first, 0.3)
  if (!centred) return undefined
  const views = [around(centred.region, 0), around(centred.region, centred.region.rotation), around(centred.region, 0)]
  const seen: (Person | undefined)[] = []
  for (const [i, view] of views.entries()) seen.push(surest(await look(picture, view, i === 2), view, NEAR))
  const score = seen.reduce((sum, person) => sum + (person?.score ?? 0), 0) / views.length
  return score >= CERTAIN ? { region: seen[0]!.region, score } : undefined
}

const around = ({ x, y, size }: Region, rotation: number): Region => ({ x, y, size: size * ROOM, rotation })

function surest(people: Person[], view: Region, near: number): Person | undefined {
  const middle = people.filter(({ region }) => Math.hypot(region.x - view.x, region.y - view.y) < near * view.size)
  return middle.reduce<Person | undefined>(
    (best, person) => (best && best.score >= person.score ? best : person),
    undefined,
  )
}

/** Squares of side `size` that cover the picture, each overlapping the next by half or more. */
function views(picture: Picture, size: number): Region[] {
  const centres = (length: number): number[] => {
    if (length <= size) return [length / 2]
    const steps = Math.ceil((length - size) / (size / 2))
    return Array.from({ length: steps + 1 }, (_, i) => size / 2 + ((length - size) * i) / steps)
  }
  return centres(picture.height).flatMap((y) => centres(picture.width).map((x) => ({ x, y, size, rotation: 0 })))
}

/** One of each group that stands at the same place, the surest, the surest first; none that stands where one of `known` does. */
function distinct(people: Person[], known: readonly Person[]): Person[] {
  const kept: Person[] = []
  for (const person of people.sort((a, b) => b.score - a.score)) {
    const { x, y, size } = person.region
    const same = ({ region }: Person): boolean =>
      Math.hypot(region.x - x, region.y - y) < 0.2 * Math.min(size, region.size)
    if (![...known, ...kept].some(same)) kept.push(person)
  }
  return kept
}

function mirror(image: Float32Array, side: number): void {
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side >> 1; column++) {
      for (let c = 0; c < 3; c++) {
        const [a, b] = [(row * side + column) * 3 + c, (row * side + side - 1 - column) * 3 + c]
        const kept = image[a]!
        image[a] = image[b]!
        image[b] = kept
      }
    }
  }
}
