// Child processes of tests: whatever a test starts ends with it, also when the test fails or runs out of time.
import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'
import fs from 'node:fs'

const running = new Set<ChildProcess>()
process.once('exit', killAll)

/** `spawn`, remembered until the child's end. */
export function start(command: string, words: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, words, options)
  running.add(child)
  child.once('close', () => running.delete(child))
  return child
}

/** SIGKILL to every child that still runs. */
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** Resolves when the child is gone. */
export function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => child.once('exit', () => resolve()))
}

/** Process ids of the living descendants of a process, Linux only. */
export function descendants(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = fs.readFileSync(`/proc/${name}/stat`, 'utf8')
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      if (state !== 'Z') parents.set(Number(name), Number(parent))
    } catch {
      continue // gone meanwhile
    }
  }
  const found: number[] = []
  for (let next = [pid]; next.length > 0;) {
    next = [...parents].filter(([, parent]) => next.includes(parent)).map(([child]) => child)
    found.push(...next)
  }
  return found
}

/** Whether a process is there and no zombie. */
export function alive(pid: number): boolean {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
  } catch {
    return false
  }
}
