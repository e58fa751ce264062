// The process that parses: alone, so that a hang, a crash or an empty heap is an event of the watcher's and not its end.
//   child.ts TARGET SEED FROM COUNT BOARD   parses; the board (a file) always holds the number of the input in hand
//   child.ts TARGET SEED NUMBER keep FILE   makes that one input and writes it, without parsing it
// Findings are lines of JSON on the standard output, then one line with the sums.
import fs from 'node:fs'
import { inspect } from 'node:util'
import { isUserError } from '../../main/media/errors'
import { diceOf } from './dice'
import type { Finding, Sums } from './report'
import { limits } from './report'
import { targets } from './targets'

const [name, seed, from, count, place] = process.argv.slice(2) as [string, string, string, string, string]
const target = targets.find((one) => one.name === name)!
const makeInput = (index: number): Uint8Array => target.make(diceOf(`${seed}/${name}/${index}`))

if (count === 'keep') fs.writeFileSync(place, makeInput(Number(from)))
else await parseAll(Number(from), Number(count), fs.openSync(place, 'w'))

async function parseAll(first: number, many: number, board: number): Promise<void> {
  const sums: Sums = { inputs: 0, accepted: 0, refused: 0, slowestMs: 0, cpuMs: 0, peakMb: 0, startMb: 0 }
  const number = Buffer.alloc(8)
  for (let index = first; index < first + many; index++) {
    number.writeDoubleLE(index)
    fs.writeSync(board, number, 0, 8, 0)
    const input = makeInput(index)
    const before = process.memoryUsage()
    const begun = process.cpuUsage()
    const fault = await attempt(input, sums)
    const { user, system } = process.cpuUsage(begun)
    const after = process.memoryUsage()
    const ms = (user + system) / 1000
    const held = (after.arrayBuffers - before.arrayBuffers + after.heapUsed - before.heapUsed) / 2 ** 20
    sums.inputs++
    sums.cpuMs += ms
    sums.slowestMs = Math.max(sums.slowestMs, ms)
    if (index === first + Math.min(50, many - 1)) sums.startMb = peakMb()
    const report = (what: string) => say({ index, what } satisfies Finding)
    if (fault !== undefined) report(fault)
    else if (ms > limits.inputMs) report(`took ${Math.round(ms)} ms of the processor`)
    else if (held > limits.inputMb + (40 * input.length) / 2 ** 20)
      report(`${input.length} bytes made it take ${Math.round(held)} MB`)
  }
  sums.peakMb = peakMb()
  say(sums)
}

/** Undefined when the parser did as it should. */
async function attempt(input: Uint8Array, sums: Sums): Promise<string | undefined> {
  try {
    await target!.parse(input)
    sums.accepted++
    return undefined
  } catch (error) {
    if (!isUserError(error)) return inspect(error)
    sums.refused++
    if (error.message.length >= limits.messageLength) return `a message of ${error.message.length} characters`
    if (/[\p{Cc}\u2028\u2029]/u.test(error.message)) return `a message of more than one line: ${error.message}`
    return undefined
  }
}

function peakMb(): number {
  return process.resourceUsage().maxRSS / 1024
}

function say(line: Finding | Sums): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
