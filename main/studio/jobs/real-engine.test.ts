// The queue with real engine processes and the bundled model: what is rendered, exported, trained, killed.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Bench } from '../../../test/support/queue'
import { openBench, tinyRender } from '../../../test/support/queue'
import type { Job, JobRequest } from '../../api'
import { probeVideo } from '../../media'
import type { EngineProcess } from '../engine-host'
import { forkEngine } from '../fork-engine'

let home: string
let bench: Bench
const processes: EngineProcess[] = []

beforeAll(async () => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'engine-'))
  bench = await openBench(home, () => {
    const started = forkEngine()
    processes.push(started)
    return started
  })
})
afterAll(async () => {
  await bench.jobs.close()
  bench.database.close()
  fs.rmSync(home, { recursive: true })
})

const add = (...requests: JobRequest[]): Job[] => bench.jobs.add(requests)
/** Waits until a progress of the job fulfils `when`. */
const progressed = async (id: string, when: (progress: NonNullable<Job['progress']>) => boolean) => {
  for (;;) {
    const { progress, state } = bench.job(id)
    if (progress && when(progress)) return progress
    if (state !== 'queued' && state !== 'running') throw new Error(`${id} is ${state}: ${bench.job(id).error}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
const training = (change: object = {}): JobRequest => ({
  ...{ kind: 'train', name: 'Camera', model: 'new', stage: 'control', data: 'synth' },
  ...{ steps: 3, batch: 1, learningRate: 0.001, seed: 1, ...change },
})

describe('a render', () => {
  it('becomes a clip of the library, with a picture on the way, and then files for other programs', async () => {
    const [job] = add(tinyRender()) as [Job]
    const done = await bench.until(job.id, 'done', 'failed')
    expect(done).toMatchObject({ state: 'done' })
    const clip = bench.library.get(done.result!)!
    expect(await probeVideo(bench.library.fileOf(clip.id))).toMatchObject({
      codec: 'h264',
      width: 128,
      height: 128,
      fps: 24,
    })
    expect(clip.clip).toMatchObject({ frames: 5, fps: 24 })
    expect(clip.clip!.modelSha256).toMatch(/^[0-9a-f]{64}$/)
    const shown = bench.events.flatMap((event) => (event.type === 'jobs' ? event.changed : []))
    expect(shown.some(({ preview }) => preview !== undefined)).toBe(true)
    expect(bench.jobs.engine).toMatchObject({
      state: 'ready',
      device: expect.stringMatching(/^CPU, \d+ core/) as string,
    })

    const settings = { quality: 'good', longSide: null, fps: null, folder: null } as const
    const exports = add(
      ...(['mp4', 'png'] as const).map((format): JobRequest => ({
        kind: 'export',
        clips: [clip.id],
        format,
        ...settings,
      })),
    )
    for (const { id } of exports) await bench.until(id, 'done', 'failed')
    expect(exports.map(({ id }) => bench.job(id).files)).toEqual([
      { folder: path.join(home, 'exports'), names: ['Mara × Loft.mp4'] },
      { folder: path.join(home, 'exports'), names: ['Mara × Loft'] },
    ])
    expect(await probeVideo(bench.jobs.exported(exports[0]!.id, 0)!)).toMatchObject({ codec: 'h264' })
    expect(fs.readdirSync(bench.jobs.exported(exports[1]!.id, 0)!)).toHaveLength(5)
  })

  it('shows another part of the place when it is cropped', async () => {
    const first = async (crop: { x: number; y: number; zoom: number }) => {
      const [job] = add(tinyRender({ crop, frames: 1 })) as [Job]
      const { result } = await bench.until(job.id, 'done')
      return fs.readFileSync(bench.library.fileOf(result!))
    }
    const middle = await first({ x: 0.5, y: 0.5, zoom: 1 })
    expect(await first({ x: 0.5, y: 0.5, zoom: 1 })).toEqual(middle)
    expect(await first({ x: 0.2, y: 0.5, zoom: 2 })).not.toEqual(middle)
  })

  it('stops within a step and leaves nothing', async () => {
    const [job] = add(tinyRender({ frames: 96 })) as [Job]
    await progressed(job.id, ({ stage, step }) => stage === 'compose' && step > 2)
    const asked = performance.now()
    bench.jobs.cancel([job.id])
    await bench.until(job.id, 'cancelled')
    expect(performance.now() - asked).toBeLessThan(1500)
    expect(fs.readdirSync(path.join(home, 'work'))).toEqual([])
  })

  it('fails with what is wrong with the picture', async () => {
    const nobody = bench.library.add(
      'human_00000000000000aa',
      'Loft',
      bench.library.fileOf('background_0000000000000001'),
    )
    const [job] = add({ ...tinyRender(), human: nobody.id }) as [Job]
    expect((await bench.until(job.id, 'failed', 'done')).error).toMatch(/no person found/)
  })

  it('fails when the engine is killed; the next one runs', async () => {
    const [killed, next] = add(tinyRender({ frames: 96 }), tinyRender()) as [Job, Job]
    await progressed(killed.id, ({ stage }) => stage === 'compose')
    processes.at(-1)!.kill()
    expect((await bench.until(killed.id, 'failed')).error).toMatch(/killed, most likely for want of memory/)
    expect(await bench.until(next.id, 'done', 'failed')).toMatchObject({ state: 'done' })
    expect(fs.readdirSync(path.join(home, 'work'))).toEqual([])
  })
})

describe('a training run', () => {
  it('keeps its losses and becomes a model that renders', async () => {
    const [job] = add(training()) as [Job]
    const done = await bench.until(job.id, 'done', 'failed')
    expect(done).toMatchObject({ state: 'done', title: 'Camera' })
    expect(bench.jobs.losses(job.id).map(({ step }) => step)).toEqual([1, 2, 3])
    const [render] = add(tinyRender({ model: done.result! })) as [Job]
    expect(await bench.until(render.id, 'done', 'failed')).toMatchObject({ state: 'done' })
  })

  it('of stage adapter becomes an adapter, with which clips are rendered', async () => {
    const [job] = add(training({ model: 'mini', stage: 'adapter', name: 'Dusk', steps: 2, learningRate: 0.05 })) as [
      Job,
    ]
    const done = await bench.until(job.id, 'done', 'failed')
    expect(done).toMatchObject({ state: 'done', title: 'Dusk' })
    const adapter = bench.library.get(done.result!)!
    expect(adapter).toMatchObject({ kind: 'adapter', name: 'Dusk', extension: 'safetensors' })
    const [plain, adapted] = add(tinyRender(), tinyRender({ adapter: adapter.id })) as [Job, Job]
    const clips = []
    for (const { id } of [plain, adapted]) {
      const { state, result } = await bench.until(id, 'done', 'failed')
      expect(state).toBe('done')
      clips.push(bench.library.get(result!)!)
    }
    const sha256 = createHash('sha256')
      .update(fs.readFileSync(bench.library.fileOf(adapter.id)))
      .digest('hex')
    expect(clips.map(({ clip }) => clip!.adapterSha256)).toEqual([undefined, sha256])
    expect(clips[0]!.clip!.modelSha256).toBe(clips[1]!.clip!.modelSha256)
    const [one, other] = clips.map(({ id }) => fs.readFileSync(bench.library.fileOf(id)))
    expect(one!.equals(other!)).toBe(false)
  })

  it('goes on from where it was stopped', async () => {
    const [job] = add(training({ steps: 30 })) as [Job]
    await progressed(job.id, ({ stage, step }) => stage === 'train' && step >= 2)
    bench.jobs.cancel([job.id])
    await bench.until(job.id, 'cancelled')
    const before = bench.jobs.losses(job.id).length
    expect(before).toBeLessThan(30)
    bench.jobs.retry([job.id])
    const first = await progressed(job.id, ({ stage }) => stage === 'train')
    expect(first.step).toBeGreaterThan(before)
    await bench.until(job.id, 'done', 'failed')
    expect(bench.jobs.losses(job.id).map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1))
  })
})
