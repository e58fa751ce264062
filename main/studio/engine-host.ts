// The studio's side of the engine process: started when there is work, let go when there is none, and gone at any moment, which is
// an event and not a fault: the task that ran fails with the reason, the next one gets a fresh process.
import { deviceName } from '../engine/device'
import type { Provider } from '../engine/device'
import { fromEngine } from '../engine/process-messages'
import type { EngineProgress, EngineTask, FromEngine, ToEngine } from '../engine/process-messages'
import type { EngineState } from '../api'

/** A running engine process, however it was started. */
export interface EngineProcess {
  send(message: ToEngine): void
  /** What comes is checked here, not there. */
  onMessage(listener: (message: unknown) => void): void
  /** Called once. `reason`: from `exitReason`. */
  onExit(listener: (reason: string) => void): void
  kill(): void
}
export type SpawnEngine = () => EngineProcess

/** Why a process ended, in plain words. `fatal`: V8 said that it cannot go on (Electron's 'error' event, or reason 'oom'). */
export function exitReason(end: { code: number | null; signal?: string | null; fatal?: boolean }): string {
  const { code, signal, fatal } = end
  const memory = 'most likely for want of memory; close other programs, or render smaller or fewer frames'
  if (fatal || signal === 'SIGABRT' || code === 134) return `the engine stopped itself, ${memory}`
  if (signal === 'SIGKILL' || code === 137) return `the engine was killed, ${memory}`
  if (signal) return `the engine crashed (${signal})`
  return `the engine ended unexpectedly (exit code ${code ?? 'unknown'})`
}

export type Finished = Extract<FromEngine, { type: 'rendered' | 'trained' }>

/** The task was stopped because its `cancel` was called. */
export class TaskCancelled extends Error {
  override readonly name = 'TaskCancelled'
}

/** The task failed. `user`: the message is meant for the artist as it is. `died`: it took the engine process with it. */
export class TaskFailed extends Error {
  override readonly name = 'TaskFailed'
  constructor(
    message: string,
    readonly user: boolean,
    readonly died: boolean,
  ) {
    super(message)
  }
}

export interface TaskListeners {
  onProgress(progress: EngineProgress): void
  onPreview(jpeg: Uint8Array): void
  /** Something to tell the artist that changes nothing of the result. */
  onNote(text: string): void
}

export interface RunningTask {
  /** Throws TaskCancelled or TaskFailed. */
  readonly finished: Promise<Finished>
  cancel(): void
}

/** A task that does not stop when asked is stopped with its process after this long (ms). */
const patience = 20_000

interface Current extends TaskListeners {
  readonly task: EngineTask
  resolve(finished: Finished): void
  reject(error: TaskCancelled | TaskFailed): void
  cancelled: boolean
  deadline?: NodeJS.Timeout
}

export class EngineHost {
  private process: EngineProcess | undefined
  private current: Current | undefined
  /** What the process computes on. A process stays with one: what it keeps compiled is made for that. */
  private device: Provider = 'cpu'
  private now: EngineState

  constructor(
    private readonly spawn: SpawnEngine,
    private readonly onState: (state: EngineState) => void,
  ) {
    this.now = { state: 'stopped', device: deviceName() }
  }

  get state(): EngineState {
    return this.now
  }

  /** Starts a task; one at a time. */
  run(task: EngineTask, listeners: TaskListeners): RunningTask {
    if (this.current) throw new Error(`engine: task ${task.id} while ${this.current.task.id} runs`)
    if (this.device !== task.device) {
      this.drop(undefined)
      this.device = task.device
      this.now = { ...this.now, device: deviceName(task.device) }
    }
    const finished = new Promise<Finished>((resolve, reject) => {
      this.current = { ...listeners, task, resolve, reject, cancelled: false }
    })
    this.say(task)
    if (this.now.state === 'ready') this.change({ state: 'working' })
    return { finished, cancel: () => this.cancel(task.id) }
  }

  /** Lets the process go, and its memory with it, unless a task runs. */
  release(): void {
    if (!this.current) this.drop(undefined)
  }

  /** Ends the process, whatever it does. */
  close(): void {
    this.drop('the studio was closed')
  }

  private say(message: ToEngine): void {
    this.process ??= this.start()
    this.process.send(message)
  }

  private start(): EngineProcess {
    const process = this.spawn()
    process.onMessage((message) => {
      if (this.process === process) this.hear(message)
    })
    process.onExit((reason) => {
      if (this.process === process) this.lost(reason)
    })
    this.now = { state: 'starting', device: this.now.device }
    this.onState(this.now)
    return process
  }

  private hear(message: unknown): void {
    const parsed = fromEngine.safeParse(message)
    if (!parsed.success) return this.drop('the engine spoke a language that the studio does not know')
    const heard = parsed.data
    if (heard.type === 'ready') return this.change({ state: this.current ? 'working' : 'ready', memory: heard.memory })
    if (heard.type === 'probed' || heard.type === 'inspected') return // these are asked of engines of their own
    const { current } = this
    if (!current || current.task.id !== heard.id) return
    switch (heard.type) {
      case 'progress':
        if (heard.memory !== this.now.memory) this.change({ memory: heard.memory })
        return current.onProgress(heard)
      case 'preview':
        return current.onPreview(heard.jpeg)
      case 'device':
        this.device = heard.device
        this.change({ device: deviceName(heard.device) })
        return current.onNote(heard.note)
      case 'rendered':
      case 'trained':
        // It may have finished just before it read that it should stop.
        this.settle((task) => (task.cancelled ? task.reject(new TaskCancelled('cancelled')) : task.resolve(heard)))
        return
      case 'cancelled':
        this.settle((task) => task.reject(new TaskCancelled('cancelled')))
        return
      case 'failed':
        this.settle((task) => task.reject(new TaskFailed(heard.message, heard.user, false)))
    }
  }

  private cancel(id: string): void {
    const { current } = this
    if (!current || current.task.id !== id || current.cancelled) return
    current.cancelled = true
    this.say({ type: 'cancel', id })
    current.deadline = setTimeout(() => this.drop('it did not stop when asked'), patience)
  }

  /** The process is gone, or no longer wanted because of `reason`; undefined: it was let go in peace. */
  private drop(reason: string | undefined): void {
    const { process } = this
    this.lost(reason)
    process?.kill()
  }

  private lost(reason: string | undefined): void {
    if (!this.process) return
    this.process = undefined
    this.now = { state: 'stopped', device: this.now.device, ...(reason ? { reason } : {}) }
    this.onState(this.now)
    this.settle(({ cancelled, reject }) =>
      reject(
        cancelled ? new TaskCancelled('cancelled') : new TaskFailed(reason ?? 'the engine was stopped', true, true),
      ),
    )
  }

  private settle(how: (task: Current) => void): void {
    const { current } = this
    if (!current) return
    this.current = undefined
    clearTimeout(current.deadline)
    if (this.process) this.change({ state: 'ready' })
    how(current)
  }

  private change(change: Partial<EngineState>): void {
    this.now = { ...this.now, ...change }
    this.onState(this.now)
  }
}
