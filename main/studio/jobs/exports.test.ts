import { unzipSync } from 'fflate'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Bench } from '../../../test/support/queue'
import { ScriptedEngine, TestLibrary, openBench } from '../../../test/support/queue'
import type { ExportRequest, Job } from '../../api'
import { openVideoWriter, probeVideo } from '../../media'

const [first, second] = ['clip_0000000000000001', 'clip_0000000000000002']
let home: string
let bench: Bench

const open = async (host: 'electron' | 'browser') => {
  const library = new TestLibrary(path.join(home, 'adopted'))
  for (const id of [first, second]) library.add(id, 'Mara × Loft', path.join(home, 'a.mp4'))
  bench = await openBench(home, new ScriptedEngine().spawn, { host, library })
}
beforeEach(async () => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'exports-'))
  const writer = await openVideoWriter(path.join(home, 'a.mp4'), { width: 64, height: 48, fps: 12 })
  for (let t = 0; t < 6; t++) await writer.write(new Uint8Array(64 * 48 * 3).fill(t * 40))
  await writer.finish()
  await open('electron')
})
afterEach(async () => {
  await bench.jobs.close()
  bench.database.close()
  fs.rmSync(home, { recursive: true })
})
const start = (change: Partial<ExportRequest> = {}): Job =>
  bench.jobs.add([
    {
      kind: 'export',
      clips: [first],
      format: 'mp4',
      quality: 'good',
      longSide: null,
      fps: null,
      folder: null,
      ...change,
    },
  ])[0]!

describe('an export', () => {
  it('of many clips names them apart, beside the engine and in the folder that was chosen', async () => {
    const job = start({ clips: [first, second], folder: 'grant_0123456789abcdef' })
    expect(job.title).toBe('Export of 2 clips')
    const done = await bench.until(job.id, 'done', 'failed')
    const folder = path.join(home, 'grant_0123456789abcdef')
    expect(done.files).toEqual({ folder, names: ['Mara × Loft.mp4', 'Mara × Loft 2.mp4'] })
    expect(fs.readdirSync(folder).sort()).toEqual([...done.files!.names].sort())
    expect(await probeVideo(bench.jobs.exported(job.id, 1)!)).toMatchObject({ width: 64, height: 48 })
    expect(bench.jobs.exported(job.id, 2)).toBeUndefined()
    expect(bench.jobs.exportFolder(job.id)).toBe(folder)
  })

  it('as a contact sheet is one picture', async () => {
    const done = await bench.until(start({ clips: [first, second], format: 'contact-sheet' }).id, 'done', 'failed')
    expect(done.files!.names).toEqual(['Contact sheet of 2 clips.png'])
  })

  it('of pictures is also one file for a browser', async () => {
    await bench.jobs.close()
    bench.database.close()
    await open('browser')
    const done = await bench.until(start({ format: 'png' }).id, 'done', 'failed')
    expect(done.files!.names).toEqual(['Mara × Loft'])
    const file = bench.jobs.exported(done.id, 0)!
    expect(path.basename(file)).toBe('Mara × Loft.zip')
    expect(Object.keys(unzipSync(fs.readFileSync(file)))).toHaveLength(6)
  })

  it('says what is wrong with a folder that cannot be written', async () => {
    fs.writeFileSync(path.join(home, 'grant_0123456789abcdef'), 'a file')
    const job = start({ folder: 'grant_0123456789abcdef' })
    expect((await bench.until(job.id, 'failed', 'done')).error).toMatch(/cannot write/)
  })

  it('that the studio ended in leaves no half file behind', async () => {
    const job = start({ clips: [first, second] })
    const folder = path.join(home, 'exports')
    fs.mkdirSync(folder, { recursive: true })
    fs.writeFileSync(path.join(folder, '.Mara × Loft.partial.mp4'), 'half')
    fs.writeFileSync(path.join(folder, '.other.partial.mp4'), 'of another program')
    await bench.until(job.id, 'done')
    fs.writeFileSync(path.join(folder, '.Mara × Loft.partial.mp4'), 'half')
    bench.database.prepare(`UPDATE jobs SET state = 'running' WHERE id = ?`).run(job.id)
    await bench.jobs.close()
    bench.database.close()
    await open('electron')
    expect(bench.job(job.id).state).toBe('interrupted')
    expect(fs.readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual(['.other.partial.mp4'])
  })
})
