// Exports: clips of the library written for other programs, by ffmpeg, beside what the engine does.
import fs from 'node:fs'
import path from 'node:path'
import type { ExportRequest } from '../../api'
import { UserError, reason } from '../../media'
import { exportContactSheets } from '../../media/export-sheets'
import { exportVideo } from '../../media/exports'
import { safeFileName } from '../../media/file-names'
import { zipFolder } from '../../media/zip'
import type { Kept } from './store'
import type { JobLibrary } from './types'
import { Stopped } from './worker'
import type { Made, Watch, Work, Worker } from './worker'

export class ExportLane implements Worker {
  constructor(
    private readonly library: JobLibrary,
    /** Folders of pictures are packed as well, into a ZIP beside them. */
    private readonly pack: boolean,
  ) {}

  start(job: Kept, watch: Watch): Work {
    const stop = new AbortController()
    return {
      finished: Promise.resolve().then(() => this.write(job, watch, stop.signal)),
      stop: () => {
        stop.abort(new Stopped('stopped'))
      },
    }
  }

  /** Unfinished files are removed; what was finished stays, since it may be in use. */
  recover(job: Kept): Promise<undefined> {
    if (job.place && job.request.kind === 'export' && fs.existsSync(job.place)) {
      const names = this.clips(job.request).map(({ name }) => safeFileName(name))
      for (const entry of fs.readdirSync(job.place))
        if (/^\..*\.partial(\.\w+)?$/.test(entry) && names.some((name) => entry.startsWith(`.${name}`)))
          fs.rmSync(path.join(job.place, entry), { recursive: true, force: true })
    }
    return Promise.resolve(undefined)
  }

  forget(): void {
    // Nothing is kept but what was exported.
  }

  private clips({ clips }: ExportRequest): { file: string; name: string }[] {
    return clips.flatMap((id) => {
      const asset = this.library.get(id)
      return asset ? [{ file: this.library.fileOf(id), name: asset.name }] : []
    })
  }

  private async write(job: Kept, watch: Watch, signal: AbortSignal): Promise<Made> {
    const { request, place: folder } = job
    if (request.kind !== 'export' || folder === undefined) throw new Error(`job ${job.id} is no export`)
    const clips = this.clips(request)
    if (clips.length < request.clips.length)
      throw new UserError('a clip of this export was removed from the library for good')
    const plan = [{ stage: 'export', share: 1 }]
    const report = (done: number) => {
      const step = Math.floor(done)
      watch.onStep({ stage: 'export', step, part: done - step, of: clips.length, plan })
    }
    report(0)
    const { format, quality, longSide, fps } = request
    if (format === 'contact-sheet') {
      const onProgress = (share: number) => {
        report(share * clips.length)
      }
      return { files: { folder, names: await exportContactSheets(clips, folder, longSide, { onProgress, signal }) } }
    }
    const names: string[] = []
    for (const [i, { file, name }] of clips.entries()) {
      const onProgress = (share: number) => {
        report(i + share)
      }
      try {
        const made = await exportVideo(file, folder, name, format, { quality, longSide, fps }, { onProgress, signal })
        names.push(made)
        if (this.pack && format === 'png')
          await zipFolder(path.join(folder, made), path.join(folder, `${made}.zip`), signal)
      } catch (error) {
        if (signal.aborted || names.length === 0) throw error
        throw new UserError(`${names.length} of ${clips.length} clips were exported, then: ${reason(error)}`)
      }
      report(i + 1)
    }
    return { files: { folder, names } }
  }
}
