// `npm run fuzz`: every parser of files that come from strangers, 100,000 spoilt inputs each. Prints a table; exits 1 with what was
// found and where the inputs are kept.   -- --inputs N   --seed S   --only NAME
import { parseArgs } from 'node:util'
import { targets } from './targets'
import { watch } from './watch'

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
})
const chosen = targets.filter(({ name }) => values.only === undefined || name === values.only)
if (chosen.length === 0) {
  console.error(`no parser "${values.only}"; there are: ${targets.map(({ name }) => name).join(', ')}`)
  process.exit(1)
}

const row = (cells: readonly (string | number)[]): string =>
  cells.map((cell, i) => (i === 0 ? String(cell).padEnd(16) : String(cell).padStart(11))).join('')
console.log(
  row(['parser', 'inputs', 'accepted', 'refused', 'findings', 'slowest ms', 'mean ms', 'start MB', 'peak MB']),
)
let found = 0
for (const { name, extension, share = 1 } of chosen) {
  const { inputs, accepted, refused, findings, slowestMs, cpuMs, startMb, peakMb } = await watch({
    target: name,
    extension,
    seed: Number(values.seed),
    inputs: Math.ceil(share * Number(values.inputs)),
  })
  const times = [slowestMs.toFixed(0), (cpuMs / Math.max(1, inputs)).toFixed(2)]
  console.log(row([name, inputs, accepted, refused, findings.length, ...times, startMb.toFixed(0), peakMb.toFixed(0)]))
  for (const { index, what, file } of findings) console.log(`  input ${index} (${file}): ${what}`)
  found += findings.length
}
process.exitCode = found > 0 ? 1 : 0
