// A queue to test: a library of sample assets in memory whose adopted files are moved aside, a database in a folder, and an engine that
// does what the test says.
import fs from 'node:fs'
import path from 'node:path'
import { defaultSettings } from '../../main/api'
import type { Asset, Job, RenderRequest, RenderSettings, StudioEvent } from '../../main/api'
import type { FromEngine, RenderOutcome, ToEngine } from '../../main/engine/process-messages'
import { openDatabase } from '../../main/studio/database'
import type { Database } from '../../main/studio/database'
import type { EngineProcess, SpawnEngine } from '../../main/studio/engine-host'
import { jobTables, openJobs } from '../../main/studio/jobs'
import type { JobDevices, JobLibrary, Jobs } from '../../main/studio/jobs'

const assets = path.resolve(import.meta.dirname, '../../assets')

export const human = 'human_0000000000000001'
export const background = 'background_0000000000000001'
export const motion = 'motion_0000000000000001'

const samples: Record<string, { name: string; file: string }> = {
  [human]: { name: 'Mara', file: path.join(assets, 'humans/mara.png') },
  [background]: { name: 'Loft', file: path.join(assets, 'backgrounds/loft.jpg') },
  [motion]: { name: 'Walk', file: path.join(assets, 'motions/walk.json') },
}

/** A library of the samples and of what is adopted, which it keeps in `folder` over the lives of a studio. */
export class TestLibrary implements JobLibrary {
  private readonly kept = new Map<string, { asset: Asset; file: string }>()

  constructor(private readonly folder: string) {
    fs.mkdirSync(folder, { recursive: true })
    for (const [id, { name, file }] of Object.entries(samples)) this.add(id, name, file)
  }

  get(id: string): Asset | undefined {
    return this.kept.get(id)?.asset
  }

  fileOf(id: string): string {
    return this.kept.get(id)!.file
  }

  adopt: JobLibrary['adopt'] = ({ file, id = 'clip_00000000000000ff', name, ...rest }) => {
    if (this.kept.has(id)) throw new Error(`${id} was adopted twice`)
    const own = path.join(this.folder, `${id}.${rest.extension}`)
    fs.renameSync(file, own)
    return Promise.resolve(this.add(id, name, own, rest))
  }

  add(id: string, name: string, file: string, rest: Partial<Asset> = {}): Asset {
    const kind = id.split('_')[0] as Asset['kind']
    const facts = { sha256: id, extension: 'png', bytes: 1, created: '', starred: false, tags: [] }
    const asset = { ...facts, ...rest, id, kind, name }
    this.kept.set(id, { asset, file })
    return asset
  }

  forget(id: string): void {
    this.kept.delete(id)
  }

  get made(): Asset[] {
    return [...this.kept.values()]
      .map(({ asset }) => asset)
      .filter(({ kind }) => ['clip', 'model', 'adapter'].includes(kind))
  }
}

/** Engine processes that do only what the test tells them. */
export class ScriptedEngine {
  readonly processes: ScriptedProcess[] = []
  readonly spawn: SpawnEngine = () => {
    const made = new ScriptedProcess()
    this.processes.push(made)
    return made
  }

  get now(): ScriptedProcess {
    return this.processes.at(-1)!
  }
}

class ScriptedProcess implements EngineProcess {
  readonly heard: ToEngine[] = []
  killed = false
  /** Stops at once when asked to. */
  obedient = false
  private tellHost: (message: unknown) => void = () => undefined
  private tellEnd: (reason: string) => void = () => undefined

  send(message: ToEngine): void {
    this.heard.push(message)
    if (message.type === 'cancel' && this.obedient) this.say({ type: 'cancelled', id: message.id } satisfies FromEngine)
  }
  onMessage(listener: (message: unknown) => void): void {
    this.tellHost = listener
  }
  onExit(listener: (reason: string) => void): void {
    this.tellEnd = listener
  }
  kill(): void {
    this.killed = true
  }

  /** The task it is at. */
  get task(): Extract<ToEngine, { id: string; out: string }> {
    const task = this.heard.filter((message) => message.type === 'render' || message.type === 'train').at(-1)
    if (!task) throw new Error('the engine was given no task')
    return task
  }

  say(message: unknown): void {
    this.tellHost(message)
  }

  progress(stage: string, step: number, of: number): void {
    const plan = [
      { stage: 'sample', share: 0.5 },
      { stage: 'compose', share: 0.5 },
    ]
    this.say({ type: 'progress', id: this.task.id, stage, step, of, plan, memory: 1e9 } satisfies FromEngine)
  }

  /** Writes something for a clip and says so; `more` goes into what it notes of the clip. */
  finish(more: Partial<RenderOutcome> = {}): void {
    const { id, out } = this.task
    const facts = { frames: 5, fps: 24, width: 128, height: 128 }
    const outcome = { ...facts, modelSha256: 'abc', seconds: 2, memory: 1e9, ...more }
    fs.writeFileSync(`${out}.json`, JSON.stringify(outcome))
    fs.writeFileSync(out, 'a clip')
    this.say({ type: 'rendered', id, outcome } satisfies FromEngine)
  }

  die(reason: string): void {
    this.tellEnd(reason)
  }
}

export interface Bench {
  readonly jobs: Jobs
  readonly library: TestLibrary
  readonly events: StudioEvent[]
  readonly database: Database
  /** Waits until the job is in one of these states. */
  until(id: string, ...states: Job['state'][]): Promise<Job>
  job(id: string): Job
  titles(state: Job['state']): string[]
}

/** Opens a queue in `home`. `library`: that of an earlier life. */
export async function openBench(
  home: string,
  spawnEngine: SpawnEngine,
  {
    library = new TestLibrary(path.join(home, 'adopted')),
    recovered = false,
    host = 'electron' as 'electron' | 'browser',
    devices = { choose: () => Promise.resolve({ provider: 'cpu' }), crashed: () => undefined } as JobDevices,
  } = {},
): Promise<Bench> {
  const database = openDatabase(path.join(home, 'library.db'), [jobTables])
  const events: StudioEvent[] = []
  const waiting = new Set<() => void>()
  const jobs = await openJobs({
    ...{ database, library, spawnEngine, devices, home, host, recovered },
    granted: (grant) => path.join(home, grant),
    onEvent: (event) => {
      events.push(event)
      for (const check of waiting) check()
    },
  })
  const job = (id: string) => {
    const found = jobs.list().jobs.find((one) => one.id === id)
    if (!found) throw new Error(`no job ${id}`)
    return found
  }
  return {
    ...{ jobs, library, events, database, job },
    titles: (state) => jobs.list().jobs.flatMap((one) => (one.state === state ? [one.title] : [])),
    until: (id, ...states) =>
      new Promise((resolve) => {
        const check = () => {
          if (!states.includes(job(id).state)) return
          waiting.delete(check)
          resolve(job(id))
        }
        waiting.add(check)
        check()
      }),
  }
}

/** A tiny clip of the samples. */
export function tinyRender(settings: Partial<RenderSettings> = {}): RenderRequest {
  const tiny = { ...defaultSettings, width: 128, height: 128, frames: 5, steps: 2 }
  return { kind: 'render', human, background, motion, settings: { ...tiny, ...settings } }
}
