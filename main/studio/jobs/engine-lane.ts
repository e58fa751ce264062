// Rendering and training: tasks for the engine process, and what it made on its way into the library. The finished file stays in the
// work folder until the library has it and the job is marked as done, so that an end at any moment neither loses nor doubles it.
import fs from 'node:fs'
import path from 'node:path'
import type { ClipFacts, RenderRequest, TrainRequest } from '../../api'
import { renderOutcome } from '../../engine/process-messages'
import type { EngineTask, RenderOutcome, RenderTask, TrainTask } from '../../engine/process-messages'
import { deviceName } from '../../engine/device'
import type { Provider } from '../../engine/device'
import { UserError, appPackage } from '../../media'
import { unwritable } from '../../media/partials'
import { TaskCancelled, TaskFailed } from '../engine-host'
import type { EngineHost, Finished, RunningTask } from '../engine-host'
import { workOf } from './estimates'
import type { JobStore, Kept } from './store'
import type { JobDevices, JobLibrary } from './types'
import { Stopped } from './worker'
import type { Made, Watch, Work, Worker } from './worker'

/** The asset that a job makes: its id follows from the job's, so that it is known before the library has it. */
const assetOf = (kind: Product, job: Kept): string => job.id.replace(/^job/, kind)

type Product = 'clip' | 'model' | 'adapter'

/** What becomes of a job of the engine. */
const productOf = ({ request }: Kept): Product =>
  request.kind !== 'train' ? 'clip' : request.stage === 'adapter' ? 'adapter' : 'model'

export class EngineLane implements Worker {
  constructor(
    private readonly host: EngineHost,
    private readonly library: JobLibrary,
    private readonly store: JobStore,
    private readonly folder: string,
    private readonly devices: JobDevices & { readonly note: (text: string) => void },
  ) {}

  start(job: Kept, watch: Watch): Work {
    let task: RunningTask | undefined
    let stopped = false
    const work = async (): Promise<Made> => {
      // It may have been finished before, and only its way into the library failed.
      const there = await this.recover(job)
      if (there) return there
      const { provider, note } = await this.devices.choose()
      if (note !== undefined) this.devices.note(`${note}. The processor does the work.`)
      const run = (device: Provider): Promise<Finished> => {
        if (stopped) throw new Stopped('stopped')
        task = this.host.run(this.taskOf(job, device), {
          onProgress: ({ stage, step, of, plan, losses }) => {
            if (losses) this.note(() => this.store.addLoss(job.id, { step, losses }))
            watch.onStep({ stage, step, of, plan, ...(losses ? { losses } : {}) })
          },
          onPreview: (jpeg) => {
            watch.onPreview(jpeg)
          },
          onNote: this.devices.note,
        })
        return task.finished
      }
      const began = performance.now()
      const again = (error: unknown): Promise<Finished> => {
        if (!(error instanceof TaskFailed) || !error.died || provider === 'cpu') throw error
        this.devices.crashed(provider, error.message)
        this.devices.note(`${deviceName(provider)}: ${error.message}. "${job.title}" goes on with the processor.`)
        return run('cpu')
      }
      const finished = await run(provider)
        .catch(again)
        .catch((error: unknown) => {
          if (job.request.kind === 'render') this.clear(job)
          throw error instanceof TaskCancelled ? new Stopped('stopped') : error
        })
      const { request } = job
      const cost =
        finished.type === 'rendered'
          ? finished.outcome
          : { seconds: (performance.now() - began) / 1000, memory: finished.memory }
      const secondsOf = (id: string) => this.library.get(id)?.seconds
      this.note(() => this.store.addMeasurement(request.kind, { ...cost, work: workOf(request, secondsOf) }))
      return this.keep(job, finished.type === 'rendered' ? finished.outcome : undefined)
    }
    return {
      // Not before the caller knows its job as running.
      finished: Promise.resolve().then(work),
      stop: () => {
        stopped = true
        task?.cancel()
      },
    }
  }

  async recover(job: Kept): Promise<Made | undefined> {
    const { kind } = job.request
    const id = assetOf(productOf(job), job)
    if (this.library.get(id)) return { result: id }
    if (kind !== 'render' || !fs.existsSync(this.out(job))) {
      if (kind === 'render') this.clear(job)
      return undefined
    }
    const outcome = this.outcomeOf(job)
    if (outcome) return this.keep(job, outcome)
    this.clear(job) // whatever it is, it is not the whole clip
    return undefined
  }

  forget(job: Kept): void {
    this.clear(job)
  }

  /** Keeps something that is good to know, but not worth failing for when the disk is full. */
  private note(keep: () => void): void {
    try {
      keep()
    } catch {
      return
    }
  }

  private out(job: Kept): string {
    return path.join(this.folder, `${job.id}.${job.request.kind === 'train' ? 'safetensors' : 'mp4'}`)
  }

  /** What the engine noted of the clip in the work folder. */
  private outcomeOf(job: Kept): RenderOutcome | undefined {
    try {
      return renderOutcome.parse(JSON.parse(fs.readFileSync(`${this.out(job)}.json`, 'utf8')))
    } catch {
      return undefined
    }
  }

  /** Removes everything of the job from the work folder. */
  private clear(job: Kept): void {
    if (!fs.existsSync(this.folder)) return
    for (const name of fs.readdirSync(this.folder))
      if (name.startsWith(job.id) || name.startsWith(`.${job.id}`))
        fs.rmSync(path.join(this.folder, name), { recursive: true, force: true })
  }

  private taskOf(job: Kept, device: Provider): EngineTask {
    try {
      fs.mkdirSync(this.folder, { recursive: true })
    } catch (error) {
      throw unwritable(this.folder, error)
    }
    const { request } = job
    if (request.kind === 'render') return { ...this.renderTask(job, request), device }
    if (request.kind === 'train') return { ...this.trainTask(job, request), device }
    throw new Error(`the engine knows no ${request.kind}`)
  }

  private renderTask(job: Kept, { human, background, motion, settings }: RenderRequest): Omit<RenderTask, 'device'> {
    const { model, adapter, ...asked } = settings // of which the engine reads what its task names
    const person = this.library.get(human)
    if (!person) throw new UserError('the human of this clip was removed from the library for good')
    this.clear(job)
    return {
      ...{ ...asked, type: 'render', id: job.id },
      human: this.library.fileOf(human),
      humanSha256: person.sha256,
      background: this.library.fileOf(background),
      motion: this.library.fileOf(motion),
      model: this.modelFile(model),
      ...(adapter === null ? {} : { adapter: this.library.fileOf(adapter) }),
      out: this.out(job),
    }
  }

  private trainTask(job: Kept, request: TrainRequest): Omit<TrainTask, 'device'> {
    const { stage, steps, batch, learningRate, seed } = request
    return {
      ...{ type: 'train', id: job.id, stage, steps, batch, learningRate, seed },
      model: this.modelFile(request.model),
      data: job.place ?? 'synth',
      out: this.out(job),
    }
  }

  private modelFile(model: string): string {
    return model === 'mini' || model === 'new' ? model : this.library.fileOf(model)
  }

  /** Hands what was made to the library. The file itself stays until `forget`. */
  private async keep(job: Kept, outcome: RenderOutcome | undefined): Promise<Made> {
    const { request } = job
    const { dir, name, ext } = path.parse(this.out(job))
    const handed = path.join(dir, `${name}.handed${ext}`)
    fs.rmSync(handed, { force: true })
    try {
      fs.linkSync(this.out(job), handed)
    } catch {
      fs.copyFileSync(this.out(job), handed) // a disk without links
    }
    if (request.kind === 'render' && outcome) {
      const { frames, fps, width, height } = outcome
      const clip: ClipFacts = {
        request: { ...request, settings: { ...request.settings, frames, fps, width, height } },
        ...{ frames, fps },
        modelSha256: outcome.modelSha256,
        ...(outcome.adapterSha256 === undefined ? {} : { adapterSha256: outcome.adapterSha256 }),
        engineVersion: appPackage().version,
        renderSeconds: outcome.seconds,
      }
      const adopted = await this.library.adopt({
        ...{ id: assetOf('clip', job), kind: 'clip', file: handed, name: job.title, extension: 'mp4', clip },
        ...{ seconds: frames / fps, size: { width, height } },
      })
      return { result: adopted.id }
    }
    const kind = productOf(job)
    const adopted = await this.library.adopt({
      ...{ id: assetOf(kind, job), kind, file: handed, name: job.title, extension: 'safetensors' },
    })
    return { result: adopted.id }
  }
}
