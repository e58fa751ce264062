// `anywhere parity`: this engine's numbers beside those of the reference implementations. Exit code 1 when they disagree.
import path from 'node:path'
import { type FileReport, runParity, tolerance } from '../engine/parity'
import { defineCommand } from './command'
import { existingPath, required } from './flags'

export const parity = defineCommand({
  positionals: {
    place: required(existingPath('DIR', 'folder of fixtures (.safetensors), searched through; or one file')),
  },
  flags: {},
  examples: ['anywhere parity ../shared/fixtures', 'anywhere parity fixtures/transformer.safetensors --json'],
  async run({ place }, terminal) {
    const reports = await runParity(place, (report) => terminal.say(describe(report, place)))
    const count = (status: FileReport['status']): number => reports.filter((report) => report.status === status).length
    const worst = Math.max(0, ...reports.map((report) => report.worst ?? 0))
    terminal.result(
      {
        tolerance,
        worst,
        passed: count('passed'),
        failed: count('failed'),
        unsupported: count('not yet supported'),
        reports,
      },
      `${count('passed')} files agree within ${tolerance} relative, ${count('failed')} do not, ` +
        `${count('not yet supported')} not yet supported; largest error ${worst.toExponential(1)}`,
    )
    if (count('failed') > 0) process.exitCode = 1
  },
})

/** The errors of all tensors of a file, then its summary line. */
function describe({ file, kind, status, comparisons, worst, problem }: FileReport, place: string): string {
  const name = path.relative(place, file) || file
  if (status === 'not yet supported') return `--   ${name}: not yet supported: ${kind}`
  if (problem !== undefined) return `FAIL ${name}: ${kind}: ${problem}`
  const lines = comparisons.map(({ name, error }) => `${mark(error)} ${error.toExponential(1)}  ${name}`)
  const summary = `${name}: ${kind}: ${comparisons.length} tensors, largest relative error ${worst!.toExponential(1)}`
  return [...lines, `${status === 'passed' ? 'ok  ' : 'FAIL'} ${summary}`].join('\n')
}

const mark = (error: number): string => (error <= tolerance ? '      ' : ' FAIL ')
