// `npm test`: the static checks, then every test. The last line counts them all: "N passed, N failed".
// `npm run check` runs the static checks alone.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const checks: [name: string, tool: string, ...args: string[]][] = [
  ['types', 'typescript/bin/tsc', '--noEmit', '--project', '.'],
  ['types of the window', 'typescript/bin/tsc', '--noEmit', '--project', 'renderer'],
  ['types of the tests', 'typescript/bin/tsc', '--noEmit', '--project', 'test'],
  ['lint', 'eslint/bin/eslint.js', '.', '--max-warnings', '0'],
  ['format', 'prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
  [
    'layers and circles',
    'dependency-cruiser/bin/dependency-cruise.mjs',
    'main',
    'renderer',
    'test',
    'scripts',
    '--output-type',
    'err',
  ],
]

interface Count {
  passed: number
  failed: number
  skipped: number
}

function runTool(tool: string, args: readonly string[]): boolean {
  const file = path.join(root, 'node_modules', tool)
  return spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit' }).status === 0
}

function runChecks(): Count {
  const count = { passed: 0, failed: 0, skipped: 0 }
  for (const [name, tool, ...args] of checks) {
    const started = performance.now()
    const ok = runTool(tool, args)
    count[ok ? 'passed' : 'failed']++
    console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
  }
  return count
}

/** What this file needs of vitest's JSON report. */
interface Report {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

function runTests(): Count {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'anywhere-test-'))
  const file = path.join(folder, 'report.json')
  try {
    const ok = runTool('vitest/vitest.mjs', ['run', '--reporter=default', '--reporter=json', `--outputFile=${file}`])
    if (!fs.existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }
    const report = JSON.parse(fs.readFileSync(file, 'utf8')) as Report
    const brokenFiles = report.testResults.filter(
      ({ status, assertionResults }) =>
        status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
    )
    const failed = report.numFailedTests + brokenFiles.length
    return {
      passed: report.numPassedTests,
      failed: ok ? failed : Math.max(failed, 1), // an error outside any test fails the run as well
      skipped: report.numPendingTests + report.numTodoTests,
    }
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}

const started = performance.now()
const counts = process.argv.includes('--static') ? [runChecks()] : [runChecks(), runTests()]
const sum = (key: keyof Count): number => counts.reduce((total, count) => total + count[key], 0)
if (sum('skipped') > 0) console.log(`${sum('skipped')} skipped: what they need is not on this machine`)
console.log(`took ${Math.round((performance.now() - started) / 1000)} s`)
console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
process.exitCode = sum('failed') > 0 ? 1 : 0
