import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setImmediate as turn, setTimeout as later } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeTestAdapter } from '../../../test/support/adapter'
import type { Bench } from '../../../test/support/queue'
import { ScriptedEngine, human, openBench, tinyRender } from '../../../test/support/queue'
import type { Job } from '../../api'
import { miniConfig } from '../../engine/models/animate-anywhere/config'
import type { JobDevices } from '.'

let home: string
let engine: ScriptedEngine
let bench: Bench
const opened: { bench: Bench; engine: ScriptedEngine }[] = []

const open = async (options: Parameters<typeof openBench>[2] = {}) => {
  engine = new ScriptedEngine()
  bench = await openBench(home, engine.spawn, options)
  opened.push({ bench, engine })
}
beforeEach(async () => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'queue-'))
  await open()
})
afterEach(async () => {
  for (const { bench, engine } of opened.splice(0)) {
    for (const process of engine.processes) process.obedient = true
    await bench.jobs.close()
    bench.database.close()
  }
  fs.rmSync(home, { recursive: true })
})

/** As after a SIGKILL: the old queue never hears of it, a new one opens the same files. */
const crash = async () => {
  const { library } = bench
  await open({ library, recovered: true })
}
const add = (count: number): Job[] => bench.jobs.add(Array.from({ length: count }, () => tinyRender()))
const states = () => bench.jobs.list().jobs.map(({ state }) => state)
const workFiles = () => fs.readdirSync(path.join(home, 'work'))

describe('a job', () => {
  it('runs, tells how far it is, and becomes a clip that remembers everything', async () => {
    const [job] = add(1) as [Job]
    expect(job).toMatchObject({ title: 'Mara × Loft', state: 'running' })
    expect(job.estimate.measured).toBe(false)
    await turn()
    engine.now.progress('sample', 1, 2)
    engine.now.progress('sample', 2, 2)
    expect(bench.job(job.id).progress).toMatchObject({ stage: 'sample', step: 2, of: 2, share: 0.5 })
    engine.now.finish()
    const done = await bench.until(job.id, 'done')
    const clip = bench.library.get(done.result!)!
    expect(clip).toMatchObject({ name: 'Mara × Loft', size: { width: 128, height: 128 }, seconds: 5 / 24 })
    expect(clip.clip!.request.settings).toMatchObject({
      seed: job.request.kind === 'render' ? job.request.settings.seed : -1,
      frames: 5,
    })
    expect(workFiles()).toEqual([])
    expect(bench.jobs.estimate([tinyRender()])[0]).toMatchObject({ measured: true })
    expect(bench.jobs.estimate([tinyRender()])[0]!.seconds).toBeCloseTo(2)
  })

  it('draws a fresh seed unless it is locked', () => {
    const [one, two, locked] = bench.jobs.add([
      tinyRender({ seedLocked: false }),
      tinyRender({ seedLocked: false }),
      tinyRender({ seed: 7 }),
    ])
    const seed = (job?: Job) => (job?.request.kind === 'render' ? job.request.settings.seed : undefined)
    expect(seed(one)).not.toBe(seed(two))
    expect(seed(locked)).toBe(7)
  })

  it('shows the newest picture while it runs', async () => {
    const [job] = add(1) as [Job]
    await turn()
    engine.now.say({ type: 'preview', id: job.id, jpeg: Uint8Array.of(1, 2, 3) })
    expect(bench.job(job.id).preview).toBe(1)
    expect(bench.jobs.preview(job.id)).toEqual(Uint8Array.of(1, 2, 3))
  })

  it('is refused with others when one of them cannot be done', () => {
    const gone = { ...tinyRender(), human: 'human_00000000000000ee' }
    expect(() => bench.jobs.add([tinyRender(), gone])).toThrow(/no longer in the library/)
    expect(() => bench.jobs.add([tinyRender({ adapter: 'adapter_0000000000000001' })])).toThrow(/no longer in/)
    expect(bench.jobs.list().jobs).toEqual([])
  })

  it('fails in one line when an asset went for good meanwhile', async () => {
    const [first, second] = add(2) as [Job, Job]
    await turn()
    bench.library.forget(human)
    engine.now.finish()
    await bench.until(first.id, 'done')
    expect((await bench.until(second.id, 'failed')).error).toMatch(/removed from the library/)
  })

  it('fails with the words of the engine', async () => {
    const [job] = add(1) as [Job]
    await turn()
    engine.now.say({ type: 'failed', id: job.id, message: 'no person found in the picture', user: true })
    expect((await bench.until(job.id, 'failed')).error).toBe('no person found in the picture')
  })
})

describe('a job with an adapter', () => {
  const adapter = 'adapter_0000000000000001'
  const put = (sizes: { blocks: number; width: number }) => {
    const file = path.join(home, 'dusk.safetensors')
    writeTestAdapter(file, sizes)
    bench.library.add(adapter, 'Dusk', file)
    return file
  }
  const { num_layers: blocks, num_attention_heads: heads, attention_head_dim: head } = miniConfig.transformer

  it('hands its file to the engine, and the clip remembers its hash', async () => {
    const file = put({ blocks, width: heads * head })
    const [job] = bench.jobs.add([tinyRender({ adapter })]) as [Job]
    await turn()
    expect(engine.now.task).toMatchObject({ model: 'mini', adapter: file })
    engine.now.finish({ adapterSha256: 'def' })
    const { result } = await bench.until(job.id, 'done')
    expect(bench.library.get(result!)!.clip).toMatchObject({ adapterSha256: 'def', request: { settings: { adapter } } })
  })

  it('is refused when the adapter is not the model’s, and the estimate says so before', () => {
    put({ blocks: 3, width: 64 })
    const line = `the adapter "Dusk" is for a model of 3 blocks that are 64 wide, "mini" has ${blocks} of ${heads * head}; choose the model that it was trained on, or no adapter`
    expect(bench.jobs.estimate([tinyRender({ adapter })])[0]).toMatchObject({ refused: line })
    expect(bench.jobs.estimate([tinyRender()])[0]).not.toHaveProperty('refused')
    expect(() => bench.jobs.add([tinyRender({ adapter })])).toThrow(line)
  })

  it('that trains one needs a model that can do something', () => {
    const train = { kind: 'train', name: 'Dusk', stage: 'adapter', data: 'synth', steps: 2, batch: 1 } as const
    expect(() => bench.jobs.add([{ ...train, model: 'new', learningRate: 0.001, seed: 1 }])).toThrow(
      /start from "mini"/,
    )
  })
})

describe('the order', () => {
  it('is that of adding, one at a time, until it is changed', async () => {
    const [first, second, third, fourth] = add(4) as [Job, Job, Job, Job]
    bench.jobs.move(fourth.id, second.id)
    bench.jobs.move(second.id, null)
    const queued = () => bench.jobs.list().jobs.flatMap((job) => (job.state === 'queued' ? [job.id] : []))
    expect(queued()).toEqual([fourth.id, third.id, second.id])
    await turn()
    engine.now.finish()
    await bench.until(first.id, 'done')
    expect(bench.job(fourth.id).state).toBe('running')
    expect(queued()).toEqual([third.id, second.id])
  })

  it('holds after many changes', () => {
    bench.jobs.pause()
    const ids = add(3).map(({ id }) => id)
    for (let i = 0; i < 300; i++) bench.jobs.move(ids[i % 3]!, ids[(i + 1) % 3]!)
    const positions = bench.jobs.list().jobs.map(({ position }) => position)
    expect(new Set(positions).size).toBe(3)
    // Always put before the next one, the last move decides: 299 % 3 = 2 before 0.
    expect(bench.jobs.list().jobs.map(({ id }) => id)).toEqual([ids[1], ids[2], ids[0]])
  })
})

describe('cancelling', () => {
  it('stops the one that is named and no other', async () => {
    const [first, second, third] = add(3) as [Job, Job, Job]
    await turn()
    bench.jobs.cancel([second.id])
    expect(states()).toEqual(['running', 'cancelled', 'queued'])
    bench.jobs.cancel([first.id])
    expect(engine.now.heard.at(-1)).toEqual({ type: 'cancel', id: first.id })
    engine.now.say({ type: 'cancelled', id: first.id })
    await bench.until(first.id, 'cancelled')
    expect(bench.job(third.id).state).toBe('running')
    expect(engine.processes).toHaveLength(1)
  })

  it('leaves no clip when the job finished just then', async () => {
    const [job] = add(1) as [Job]
    await turn()
    bench.jobs.cancel([job.id])
    engine.now.finish()
    await bench.until(job.id, 'cancelled')
    expect(bench.library.made).toEqual([])
    expect(workFiles()).toEqual([])
  })

  it('can be taken back by retrying', async () => {
    const [job] = add(1) as [Job]
    await turn()
    bench.jobs.cancel([job.id])
    engine.now.say({ type: 'cancelled', id: job.id })
    await bench.until(job.id, 'cancelled')
    bench.jobs.retry([job.id])
    await turn()
    engine.now.finish()
    expect(await bench.until(job.id, 'done')).not.toHaveProperty('error')
  })
})

it('two thousand jobs are added, cancelled and retried in a moment', () => {
  bench.jobs.pause()
  const began = performance.now()
  const ids = add(2000).map(({ id }) => id)
  bench.jobs.cancel(ids)
  bench.jobs.retry(ids)
  expect(performance.now() - began).toBeLessThan(5000)
  expect(new Set(states())).toEqual(new Set(['queued']))
  expect(bench.events.filter(({ type }) => type === 'jobs')).toHaveLength(3)
})

describe('a pause', () => {
  it('lets the running job finish, starts none, and then frees the engine', async () => {
    const [first, second] = add(2) as [Job, Job]
    await turn()
    bench.jobs.pause()
    expect(bench.events.at(-1)).toEqual({ type: 'queue', paused: true, reason: 'user' })
    engine.now.finish()
    await bench.until(first.id, 'done')
    await turn()
    expect(bench.job(second.id).state).toBe('queued')
    expect(engine.now.killed).toBe(true)
    expect(bench.jobs.engine.state).toBe('stopped')
    bench.jobs.resume()
    await turn()
    engine.now.finish()
    await bench.until(second.id, 'done')
    expect(engine.processes).toHaveLength(2)
  })
})

describe('an engine that dies', () => {
  it('fails its job with the reason; the next one gets another engine', async () => {
    const [first, second] = add(2) as [Job, Job]
    await turn()
    engine.now.die('the engine was killed')
    expect((await bench.until(first.id, 'failed')).error).toBe('the engine was killed')
    await turn()
    expect(bench.job(second.id).state).toBe('running')
    engine.now.finish()
    await bench.until(second.id, 'done')
    expect(engine.processes).toHaveLength(2)
    expect(bench.job(first.id).state).toBe('failed') // not retried by itself
  })

  it('counts as dead when it talks nonsense', async () => {
    const [job] = add(1) as [Job]
    await turn()
    engine.now.say({ type: 'progress', id: job.id, step: 'many' })
    expect((await bench.until(job.id, 'failed')).error).toMatch(/language/)
    expect(engine.processes[0]!.killed).toBe(true)
  })
})

describe('a device that fails', () => {
  const refused: string[] = []
  const devices: JobDevices = {
    choose: () => Promise.resolve({ provider: refused.length > 0 ? 'cpu' : 'webgpu' }),
    crashed: (provider) => void refused.push(provider),
  }
  const notices = () => bench.events.flatMap((event) => (event.type === 'notice' ? [event.text] : []))
  beforeEach(async () => {
    refused.length = 0
    await bench.jobs.close()
    await open({ devices, library: bench.library })
  })

  it('and takes the engine with it costs no job: the processor does it, and the next ones', async () => {
    const [first, second] = add(2) as [Job, Job]
    await turn()
    expect(engine.now.task.device).toBe('webgpu')
    expect(bench.jobs.engine.device).toBe('GPU (WebGPU)')
    engine.now.die('the engine crashed (SIGSEGV)')
    await turn()
    expect(engine.now.task).toMatchObject({ id: first.id, device: 'cpu' })
    engine.now.finish()
    await bench.until(first.id, 'done')
    expect(refused).toEqual(['webgpu'])
    expect(notices()).toHaveLength(1)
    expect(notices()[0]).toMatch(/GPU \(WebGPU\): the engine crashed \(SIGSEGV\)\. ".+" goes on with the processor\./)
    await turn()
    expect(engine.now.task).toMatchObject({ id: second.id, device: 'cpu' })
    engine.now.finish()
    await bench.until(second.id, 'done')
  })

  it('and is left by the engine itself is told once; the next job tries it again, in a fresh process', async () => {
    const [first, second] = add(2) as [Job, Job]
    await turn()
    engine.now.say({ type: 'device', id: first.id, device: 'cpu', note: 'GPU (WebGPU) failed; the processor goes on' })
    expect(bench.jobs.engine.device).toMatch(/^CPU/)
    engine.now.finish()
    await bench.until(first.id, 'done')
    expect(notices()).toEqual(['GPU (WebGPU) failed; the processor goes on'])
    await turn()
    expect(engine.processes).toHaveLength(2)
    expect(engine.now.task).toMatchObject({ id: second.id, device: 'webgpu' })
  })
})

describe('after an unclean end', () => {
  it('the queue is back and paused, and what ran is interrupted', async () => {
    const [first, second] = add(2) as [Job, Job]
    await crash()
    expect(bench.jobs.list()).toMatchObject({ paused: true, reason: 'recovered' })
    expect(bench.job(first.id)).toMatchObject({
      state: 'interrupted',
      error: expect.stringContaining('retry') as string,
    })
    expect(bench.job(second.id).state).toBe('queued')
    bench.jobs.resume()
    bench.jobs.retry([first.id])
    await turn()
    engine.now.finish()
    await bench.until(second.id, 'done')
    await turn()
    engine.now.finish()
    await bench.until(first.id, 'done')
    expect(bench.library.made).toHaveLength(2)
  })

  it('a clip that was finished but not yet recorded is neither lost nor doubled', async () => {
    const [job] = add(1) as [Job]
    await turn()
    const { id, out } = engine.now.task
    const outcome = { frames: 5, fps: 24, width: 128, height: 128, modelSha256: 'abc', seconds: 2, memory: 1e9 }
    fs.writeFileSync(`${out}.json`, JSON.stringify(outcome))
    fs.writeFileSync(out, 'a clip')
    await crash()
    expect(bench.job(id).state).toBe('done')
    expect(bench.library.made).toHaveLength(1)
    // Once more, as if the end had come between the adoption and the mark.
    bench.database.prepare(`UPDATE jobs SET state = 'running' WHERE id = ?`).run(job.id)
    await crash()
    expect(bench.job(id).state).toBe('done')
    expect(bench.library.made).toHaveLength(1)
    expect(workFiles()).toEqual([])
  })

  it('half a clip is cleared away', async () => {
    const [job] = add(1) as [Job]
    await turn()
    const { dir, name } = path.parse(engine.now.task.out)
    fs.writeFileSync(path.join(dir, `.${name}.partial.mp4`), 'half')
    await crash()
    expect(bench.job(job.id).state).toBe('interrupted')
    expect(workFiles()).toEqual([])
  })

  it('is not what a clean end is: the running job is interrupted, the rest waits', async () => {
    const [first] = add(2) as [Job, Job]
    await turn()
    const closing = bench.jobs.close()
    engine.now.say({ type: 'cancelled', id: first.id })
    await closing
    await open({ library: bench.library })
    expect(states()).toEqual(['interrupted', 'queued'])
    expect(bench.jobs.list().paused).toBe(true)
  })
})

describe('a full disk', () => {
  it('on the way into the library costs no rendering: retrying takes the clip in', async () => {
    const [job] = add(1) as [Job]
    await turn()
    const { adopt } = bench.library
    bench.library.adopt = () => Promise.reject(new Error('the disk is full'))
    engine.now.finish()
    expect((await bench.until(job.id, 'failed')).error).toMatch(/disk is full/)
    bench.library.adopt = adopt
    bench.jobs.retry([job.id])
    await bench.until(job.id, 'done')
    expect(engine.now.heard.filter(({ type }) => type === 'render')).toHaveLength(1)
    expect(workFiles()).toEqual([])
  })

  it('under the queue itself pauses it, with a word, and loses nothing', async () => {
    const [first] = add(2) as [Job, Job]
    await turn()
    bench.database
      .prepare(`CREATE TRIGGER full BEFORE INSERT ON jobs BEGIN SELECT raise(ABORT, 'disk is full'); END`)
      .run()
    engine.now.finish()
    await bench.until(first.id, 'done')
    expect(bench.jobs.list().paused).toBe(true)
    expect(bench.events).toContainEqual({
      ...{ type: 'notice', level: 'error' },
      text: expect.stringMatching(/paused: .*disk is full/) as string,
    })
    bench.database.prepare('DROP TRIGGER full').run()
    await crash()
    expect(states()).toEqual(['done', 'queued'])
    expect(bench.library.made).toHaveLength(1)
  })
})

describe('the list', () => {
  it('is cleared of what is finished', async () => {
    const [done, cancelled, running] = add(3) as [Job, Job, Job]
    bench.jobs.cancel([cancelled.id])
    await turn()
    engine.now.finish()
    await bench.until(done.id, 'done')
    bench.jobs.clearFinished()
    expect(bench.jobs.list().jobs.map(({ id }) => id)).toEqual([running.id])
    expect(bench.events.at(-1)).toMatchObject({ type: 'jobs', removed: [done.id, cancelled.id] })
  })

  it('is told of progress about ten times a second, not at each step', async () => {
    add(1)
    await turn()
    const before = bench.events.length
    for (let i = 0; i < 1000; i++) engine.now.progress('compose', i, 1000)
    await later(150)
    const told = bench.events.slice(before).filter(({ type }) => type === 'jobs')
    expect(told.length).toBeGreaterThan(0)
    expect(told.length).toBeLessThan(5)
  })
})
