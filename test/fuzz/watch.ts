// Runs a parser's inputs in a process of its own and looks after it: who does not come on is ended and noted, and the next process
// goes on behind the input that it was. Every finding's input is kept in a file.
import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Finding, Sums } from './report'
import { limits } from './report'
import { makeScratch } from './scratch'

const child = path.join(import.meta.dirname, 'child.ts')
/** A parser that fails so often needs no more inputs to show it. */
const mostFindings = 25
const heapMb = 1024

export interface Outcome extends Sums {
  readonly target: string
  readonly findings: readonly Finding[]
}

export interface WatchOptions {
  readonly target: string
  /** Of the file in which a finding is kept. */
  readonly extension: string
  readonly seed: number
  readonly inputs: number
}

/** Parses `inputs` inputs of the parser. */
export async function watch({ target, extension, seed, inputs }: WatchOptions): Promise<Outcome> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'anywhere-fuzz-'))
  const sums: Sums = { inputs: 0, accepted: 0, refused: 0, slowestMs: 0, cpuMs: 0, peakMb: 0, startMb: 0 }
  const findings: Finding[] = []
  for (let from = 0; from < inputs && findings.length < mostFindings;) {
    const run = await oneProcess([target, String(seed), String(from), String(inputs - from)], folder)
    findings.push(...run.findings)
    if (run.sums) add(sums, run.sums)
    if (run.sums && run.sums.peakMb - run.sums.startMb > limits.growthMb)
      findings.push({
        index: inputs,
        what: `grew from ${run.sums.startMb.toFixed()} to ${run.sums.peakMb.toFixed()} MB`,
      })
    if (run.end === undefined) break
    findings.push({ index: run.at, what: run.end })
    sums.inputs += run.at + 1 - from
    from = run.at + 1
  }
  const kept = findings.slice(0, mostFindings).map((finding) => ({ ...finding, file: keep(finding.index) }))
  if (kept.length === 0) fs.rmSync(folder, { recursive: true })
  return { target, findings: kept, ...sums }

  function keep(index: number): string {
    const file = path.join(folder, `${target.replaceAll(' ', '-')}-${seed}-${index}.${extension}`)
    const { env, remove } = makeScratch()
    spawnSync(process.execPath, nodeArguments([target, String(seed), String(index), 'keep', file]), { env })
    remove()
    return file
  }
}

function nodeArguments(words: readonly string[]): string[] {
  return [`--max-old-space-size=${heapMb}`, '--import', 'tsx', child, ...words]
}

interface Run {
  readonly findings: Finding[]
  /** Absent when the process did not come to its end. */
  readonly sums?: Sums
  /** Why it did not. */
  readonly end?: string
  /** The input it had in hand then. */
  readonly at: number
}

function oneProcess(words: readonly string[], folder: string): Promise<Run> {
  const board = path.join(folder, 'board')
  fs.writeFileSync(board, '')
  const { env, remove } = makeScratch()
  const running = spawn(process.execPath, nodeArguments([...words, board]), { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [said, complaint] = ['', '']
  running.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  running.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4000)))
  let hangs = false
  let last = { at: -1, since: Date.now() }
  const look = setInterval(() => {
    const at = inHand(board) ?? -1
    if (at !== last.at) last = { at, since: Date.now() }
    const count = said.split('\n').length
    hangs = Date.now() - last.since > limits.hangMs
    if (hangs || count > mostFindings) running.kill('SIGKILL')
  }, 500)
  return new Promise((resolve) => {
    running.on('close', (code, signal) => {
      clearInterval(look)
      remove()
      const lines = said.split('\n').flatMap((line) => (line ? [JSON.parse(line) as Finding | Sums] : []))
      const findings = lines.filter((line): line is Finding => 'what' in line)
      const sums = lines.find((line): line is Sums => 'inputs' in line)
      const at = inHand(board) ?? 0
      fs.rmSync(board, { force: true })
      if (sums && code === 0) resolve({ findings, sums, at })
      else {
        const why = hangs ? `hangs: no end after ${limits.hangMs / 1000} s` : `the process ended (${signal ?? code})`
        const last = complaint.trim().split('\n').slice(-12).join('\n')
        resolve({ findings, at, end: hangs || last === '' ? why : `${why}: ${last}` })
      }
    })
  })
}

function inHand(board: string): number | undefined {
  const bytes = fs.readFileSync(board)
  return bytes.length === 8 ? bytes.readDoubleLE() : undefined
}

function add(to: Sums, more: Sums): void {
  for (const key of ['inputs', 'accepted', 'refused', 'cpuMs'] as const) to[key] += more[key]
  for (const key of ['slowestMs', 'peakMb', 'startMb'] as const) to[key] = Math.max(to[key], more[key])
}
