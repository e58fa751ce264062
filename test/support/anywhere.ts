// The real command line as a child process, for tests from end to end.
import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { miniConfig } from '../../main/engine/models/animate-anywhere'
import { initialise } from '../../main/engine/nn'
import { saveModel } from '../../main/engine/training/checkpoint'
import { objective } from '../../main/engine/training/objective'

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** What follows `error: ` in the only such line. */
  readonly error: string
}

const bin = path.resolve(import.meta.dirname, '../../bin/anywhere.js')

const running = new Set<ChildProcess>()

/** Stops what a test that timed out has left running. */
export function stopAll(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** Runs `anywhere` with these words to its end; `watch` sees the standard error as it grows. */
export function anywhere(
  words: readonly string[],
  watch: (stderr: string, child: ChildProcess) => void = () => undefined,
): Promise<Outcome> {
  const child = spawn(process.execPath, [bin, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    watch(stderr, child)
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      running.delete(child)
      const errors = stderr.split('\n').filter((line) => line.startsWith('error: '))
      resolve({ code, stdout, stderr, error: errors.length === 1 ? errors[0]!.slice('error: '.length) : '' })
    })
  })
}

/** A mini model as it is before training, in a file. */
export function writeUntrainedModel(file: string): void {
  const shape = { batch: 1, frames: miniConfig.frames, width: 96, height: 64, composed: 1 }
  saveModel(file, initialise(objective(miniConfig, 'joint', shape).specs, 0), miniConfig, {})
}
