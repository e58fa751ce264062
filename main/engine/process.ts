// The engine process: takes tasks one at a time, streams progress and pictures, stops within a step when told to. It runs in Electron's
// utilityProcess or as a child of plain Node, and ends with its parent. Its death is an event to the studio, never a fault of it.
import os from 'node:os'
import { isUserError, reason } from '../media/errors'
import { useDevice } from './backends/onnx'
import type { Provider } from './backends/onnx'
import { probe } from './probe'
import { toEngine } from './process-messages'
import type { EngineTask, FromEngine, ProviderStatus, ToEngine } from './process-messages'
import { doRender, doTrain } from './process-tasks'
import { inspectFolder } from './render/inspect-folder'

interface Link {
  say(message: FromEngine, sent?: () => void): void
  hear(listener: (message: unknown) => void): void
}

/** Electron's side of a utilityProcess; it is not in Node's types. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

function openLink(): Link {
  const { parentPort } = process as typeof process & { parentPort?: ParentPort }
  if (parentPort)
    return {
      say: (message, sent) => {
        parentPort.postMessage(message)
        if (sent) setTimeout(sent, 50) // the port does not say when a message has left
      },
      hear: (listener) => {
        parentPort.on('message', ({ data }) => {
          listener(data)
        })
      },
    }
  if (!process.send) throw new Error('the engine process is started by the studio, not by hand')
  process.on('disconnect', () => process.exit(0)) // whoever started us is gone; unfinished files go with us
  return {
    say: (message, sent) => {
      process.send!(message, undefined, undefined, () => sent?.())
    },
    hear: (listener) => void process.on('message', listener),
  }
}

/** The window's frames go first: computing takes what they leave. */
function stepBack(): void {
  try {
    os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // a system that does not let us: then all are equal
  }
}

stepBack()
const link = openLink()
let running: { readonly id: string; readonly stop: AbortController } | undefined

/** Thrown through a task that was cancelled. */
class Cancelled extends Error {}

async function perform(task: EngineTask): Promise<void> {
  const { id } = task
  if (running) throw new Error(`task ${id} came while ${running.id} runs`)
  const stop = new AbortController()
  running = { id, stop }
  useDevice(task.device, (note) => {
    link.say({ type: 'device', id, device: 'cpu', note })
  })
  try {
    await (task.type === 'render' ? doRender(task, link.say, stop.signal) : doTrain(task, link.say, stop.signal))
  } catch (error) {
    if (error instanceof Cancelled) link.say({ type: 'cancelled', id })
    else link.say({ type: 'failed', id, message: reason(error), user: isUserError(error) })
  } finally {
    running = undefined
  }
}

/** A probe that fails is an answer, too. */
async function probed(provider: Provider): Promise<ProviderStatus> {
  return probe(provider).catch((error: unknown) => ({ available: false, reason: reason(error) }))
}

function inspect(id: string, folder: string): void {
  try {
    const { dir, name, hash, bytes, notes } = inspectFolder(folder)
    link.say({ type: 'inspected', id, model: { dir, name, hash, bytes, notes: [...notes] } })
  } catch (error) {
    link.say({ type: 'failed', id, message: reason(error), user: isUserError(error) })
  }
}

async function answer(message: ToEngine): Promise<void> {
  switch (message.type) {
    case 'render':
    case 'train':
      return perform(message)
    case 'cancel':
      if (running?.id === message.id) running.stop.abort(new Cancelled('cancelled'))
      return
    case 'inspect':
      return inspect(message.id, message.folder)
    case 'probe':
      return link.say({ type: 'probed', provider: message.provider, status: await probed(message.provider) })
  }
}

function die(error: unknown): void {
  const id = running?.id
  const leave = () => process.exit(1)
  if (id === undefined) leave()
  else link.say({ type: 'failed', id, message: `the engine failed: ${reason(error)}`, user: false }, leave)
}

process.on('uncaughtException', die)
process.on('unhandledRejection', die)
link.hear((message) => void answer(toEngine.parse(message)).catch(die))
link.say({ type: 'ready', memory: process.memoryUsage.rss() })
