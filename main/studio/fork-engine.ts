// The engine process where there is no Electron: a child of Node, from the source in a checkout, from the bundle beside a bundle.
import { fork } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { exitReason } from './engine-host'
import type { EngineProcess } from './engine-host'

/** Starts an engine process. It ends with ours. */
export function forkEngine(): EngineProcess {
  const here = fileURLToPath(import.meta.url)
  const [file, execArgv] = here.endsWith('.ts')
    ? [path.resolve(here, '../../engine/process.ts'), ['--import', 'tsx']]
    : [path.resolve(here, '../engine.cjs'), []]
  // 'advanced' carries bytes as they are; the group of its own keeps a terminal's Ctrl+C for us.
  const child = fork(file, { execArgv, serialization: 'advanced', detached: process.platform !== 'win32' })
  let exited = false
  const stopWithUs = (): void => void child.kill('SIGKILL')
  process.on('exit', stopWithUs)
  return {
    send: (message) => {
      if (child.connected) child.send(message, () => undefined) // one that is gone is told by its exit
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      const end = (reason: string): void => {
        if (exited) return
        exited = true
        process.off('exit', stopWithUs)
        listener(reason)
      }
      child.once('error', (error) => end(`the engine could not be started: ${error.message}`))
      child.once('exit', (code, signal) => end(exitReason({ code, signal })))
    },
    kill: () => void child.kill('SIGKILL'),
  }
}
