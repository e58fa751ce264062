// `anywhere doctor`: what this machine has and lacks, each with the way out, for users and for those who help them.
import { Devices } from '../studio/devices'
import { examine, report } from '../studio/doctor'
import { forkEngine } from '../studio/fork-engine'
import { defineCommand } from './command'

export const doctor = defineCommand({
  flags: {},
  examples: ['anywhere doctor', 'anywhere doctor --json'],
  async run(_, terminal) {
    const findings = await examine(() => new Devices(forkEngine).all(), process.cwd())
    terminal.say(report(findings))
    const missing = findings.filter(({ status }) => status === 'missing').map(({ name }) => name)
    const verdict = missing.length === 0 ? 'everything needed is here' : `missing: ${missing.join(', ')}`
    terminal.result({ findings, missing }, verdict)
    if (missing.length > 0) process.exitCode = 1
  },
})
