// Reads the text of a BVH file and checks it to the last number, so that whatever is built on it may trust it.

import { MotionError } from '../errors'

const CHANNELS = ['Xposition', 'Yposition', 'Zposition', 'Xrotation', 'Yrotation', 'Zrotation'] as const
export type BvhChannel = (typeof CHANNELS)[number]

export interface BvhNode {
  name: string
  /** Index of the parent, -1 for the root; parents come before children. */
  parent: number
  /** Place relative to the parent at rest, in the file's units and axes. */
  offset: [number, number, number]
  /** What the numbers of this node in a row of data mean, in the order in which the turns apply; empty for an end site. */
  channels: BvhChannel[]
}

export interface Bvh {
  nodes: BvhNode[]
  /** Seconds between frames. */
  frameTime: number
  /** Rows of data, one per frame. */
  rows: Float64Array[]
}

/** Faces and hands with every muscle have a few hundred. */
const mostJoints = 1000

/** Finite, and small enough to be squared. */
const sensible = (value: number) => Math.abs(value) < 1e9

interface Line {
  words: string[]
  number: number
}

/** Parses a BVH file. Throws MotionError naming the line for anything that is not a whole, finite, consistent file. */
export function parseBvh(text: string, name: string): Bvh {
  const lines: Line[] = text
    .split(/\r\n|\n|\r/)
    .map((line, i) => ({ words: line.trim().split(/\s+/), number: i + 1 }))
    .filter(({ words }) => words[0] !== '')
  const fail = (line: number, what: string): never => {
    throw new MotionError(`motion ${name}: line ${line}: ${what}`)
  }
  if (lines[0]?.words[0]?.toUpperCase() !== 'HIERARCHY') {
    throw new MotionError(`motion ${name}: not a BVH file (it does not begin with HIERARCHY)`)
  }
  const start = lines.findIndex(({ words }) => words[0]!.toUpperCase() === 'MOTION')
  if (start < 0) {
    throw new MotionError(
      `motion ${name}: the MOTION section is missing, the file holds only a skeleton; export it again with animation`,
    )
  }
  const nodes = parseHierarchy(lines.slice(1, start), fail)
  return { nodes, ...parseData(lines.slice(start), nodes, fail) }
}

type Fail = (line: number, what: string) => never

function parseHierarchy(lines: Line[], fail: Fail): BvhNode[] {
  const nodes: BvhNode[] = []
  const open: number[] = []
  let pending: BvhNode | undefined
  let last = 1
  for (const { words, number } of parts(lines)) {
    last = number
    const current = nodes[open.at(-1) ?? -1]
    switch (words[0]!.toUpperCase()) {
      case 'ROOT':
      case 'JOINT':
        if (words[0]!.toUpperCase() === 'ROOT' && nodes.length > 0)
          fail(number, `a second ROOT (${words.slice(1).join(' ')}); a motion is one person, split the file`)
        if (nodes.length > 0 && !current)
          fail(number, `joint ${words.slice(1).join(' ')} lies outside the root's braces`)
        pending = { name: words.slice(1).join(' '), parent: open.at(-1) ?? -1, offset: [0, 0, 0], channels: [] }
        break
      case 'END':
        if (!current) fail(number, 'End Site outside a joint')
        pending = { name: `${current!.name} end`, parent: open.at(-1)!, offset: [0, 0, 0], channels: [] }
        break
      case '{':
        if (!pending) fail(number, 'a { without a joint before it')
        open.push(nodes.push(pending!) - 1)
        if (nodes.length > mostJoints)
          fail(number, `more than ${mostJoints} joints; export the body without its extras`)
        pending = undefined
        break
      case '}':
        if (open.pop() === undefined) fail(number, 'a } too many')
        break
      case 'OFFSET': {
        const offset = words.slice(1).map(Number)
        if (!current) fail(number, 'OFFSET outside a joint')
        if (offset.length !== 3 || !offset.every(sensible))
          fail(number, `OFFSET needs three finite numbers, got "${words.slice(1).join(' ')}"`)
        current!.offset = offset as BvhNode['offset']
        break
      }
      case 'CHANNELS': {
        if (!current) fail(number, 'CHANNELS outside a joint')
        const channels = words.slice(2).map((word) => CHANNELS.find((c) => c.toLowerCase() === word.toLowerCase()))
        if (channels.length !== Number(words[1]) || channels.includes(undefined))
          fail(number, `CHANNELS of ${current!.name} should be a count and that many of ${CHANNELS.join(', ')}`)
        current!.channels = channels as BvhChannel[]
        break
      }
      default:
        fail(number, `"${words[0]}" is no BVH keyword (ROOT, JOINT, End Site, OFFSET, CHANNELS)`)
    }
  }
  if (open.length > 0) fail(last, `${open.length} } missing at the end of the skeleton`)
  if (nodes.length === 0) fail(last, 'the skeleton has no ROOT')
  return nodes
}

/** Braces may share a line with a keyword: here each is a line of its own. */
function* parts(lines: readonly Line[]): Generator<Line, void> {
  for (const { words, number } of lines) {
    let start = 0
    for (let i = 0; i <= words.length; i++) {
      const brace = words[i] === '{' || words[i] === '}'
      if (!brace && i < words.length) continue
      if (i > start) yield { words: words.slice(start, i), number }
      if (brace) yield { words: [words[i]!], number }
      start = i + 1
    }
  }
}

function parseData(lines: Line[], nodes: BvhNode[], fail: Fail): Pick<Bvh, 'frameTime' | 'rows'> {
  const frames = field(lines[1], /^Frames:\s*(\S+)$/i, '"Frames: N" after MOTION')
  const frameTime = field(lines[2], /^Frame Time:\s*(\S+)$/i, '"Frame Time: seconds" after Frames')
  if (!Number.isInteger(frames) || frames < 1)
    fail(lines[1]!.number, `Frames is ${frames}; a motion needs at least one frame`)
  if (!(frameTime > 0 && frameTime <= 10))
    fail(
      lines[2]!.number,
      `Frame Time is ${frameTime}; it should be seconds per frame, such as 0.0333333 for 30 a second`,
    )
  const width = nodes.reduce((sum, node) => sum + node.channels.length, 0)
  const data = lines.slice(3)
  if (data.length > frames)
    fail(
      data[frames]!.number,
      `a row too many: ${data.length} rows of data, but "Frames: ${frames}" on line ${lines[1]!.number}; correct whichever is wrong`,
    )
  if (data.length < frames)
    fail(
      (data.at(-1) ?? lines[2]!).number,
      `the data ends after ${data.length} rows, but "Frames: ${frames}" on line ${lines[1]!.number}; the file is cut off`,
    )
  const rows = data.map(({ words, number }) => {
    if (words.length !== width)
      fail(number, `${words.length} numbers in the row, but the skeleton's channels need ${width}`)
    const row = Float64Array.from(words, Number)
    const bad = row.findIndex((value) => !sensible(value))
    if (bad >= 0)
      fail(number, `value ${bad + 1} of the row is "${words[bad]}", not a finite number; repair or remove that frame`)
    return row
  })
  return { frameTime, rows }

  function field(line: Line | undefined, pattern: RegExp, what: string): number {
    const match = line && pattern.exec(line.words.join(' '))
    if (!match) fail(line?.number ?? lines.at(-1)!.number, `expected ${what}`)
    return Number(match![1])
  }
}
