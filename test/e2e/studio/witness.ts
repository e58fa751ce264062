// Watches a studio that is about to be killed: what it has acknowledged and when, and after its restart whether all that is still
// there and whole.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { unzipSync } from 'fflate'
import sharp from 'sharp'
import { defaultSettings } from '../../../main/api'
import type { Asset, Input, Job, MethodName, Output, RenderRequest } from '../../../main/api'

/** A studio to be spoken to, whatever it runs in. */
export interface Studio {
  call<M extends MethodName>(method: M, input?: Input<M>): Promise<Output<M>>
  upload(name: string, bytes: Uint8Array): Promise<string>
}

/** What may be lost of the newest, milliseconds. */
const mayBeLost = 2000

interface Kept {
  readonly what: string
  readonly at: number
}

/** Everything a studio has said yes to, over all its lives. */
export class Witness {
  private readonly assets = new Map<string, Kept>()
  private readonly jobs = new Map<string, Kept>()
  private readonly names: { readonly n: number; readonly at: number }[] = []
  private readonly saves: { readonly n: number; readonly at: number }[] = []
  private counter = 0

  constructor(
    private readonly home: string,
    /** Where the project is saved. */
    readonly projectFile: string,
  ) {}

  /** Hands over a picture that nobody has seen before, again and again until the studio dies. */
  async importUntilDeath(studio: Studio): Promise<never> {
    for (;;) {
      const name = `picture ${++this.counter}.png`
      const upload = await studio.upload(name, await noisePicture(480, 360))
      const [outcome] = await studio.call('library.import', { uploads: [upload], kind: 'background' })
      if (!outcome || 'error' in outcome) throw new Error(`${name}: ${outcome?.error ?? 'no outcome'}`)
      this.assets.set(outcome.asset.id, { what: name, at: Date.now() })
    }
  }

  /** Renames the project ten times a second and saves it now and then, until the studio dies. */
  async saveUntilDeath(studio: Studio, grant: string): Promise<never> {
    const { id, document } = await studio.call('project.current')
    for (;;) {
      const n = ++this.counter
      await studio.call('project.update', { id, document: { ...document, name: `name ${n}` } })
      this.names.push({ n, at: Date.now() })
      if (n % 4 === 0) {
        await studio.call('project.save', { file: grant })
        this.saves.push({ n, at: Date.now() })
      }
      await pause(100)
    }
  }

  /** Queues small renders, until the studio dies. */
  async renderUntilDeath(studio: Studio): Promise<never> {
    await studio.call('jobs.resume')
    for (;;) {
      const added = await studio.call('jobs.add', { requests: [await smallRender(studio, ++this.counter)] })
      for (const { id, title } of added) this.jobs.set(id, { what: title, at: Date.now() })
      await pause(1500)
    }
  }

  /** What has been lost or broken, in words; empty when all is well. `before`: the jobs just before the death. */
  async findings(studio: Studio, died: number, before: readonly Job[]): Promise<string[]> {
    const found: string[] = []
    const old = ({ at }: { readonly at: number }): boolean => at < died - mayBeLost
    const assets = await studio.call('library.list', {})
    const queue = await studio.call('jobs.list')
    const known = new Set([...assets, ...queue.jobs].map(({ id }) => id))
    for (const [id, kept] of [...this.assets, ...this.jobs])
      if (old(kept) && !known.has(id)) found.push(`${kept.what} (${id}) was acknowledged and is gone`)

    const { document } = await studio.call('project.current')
    const named = Number(/^name (\d+)$/.exec(document.name)?.[1] ?? 0)
    const least = this.names.filter(old).at(-1)?.n ?? 0
    if (named < least) found.push(`the project is "${document.name}", "name ${least}" was acknowledged`)
    found.push(...this.findSaves(old))

    for (const was of before) {
      const now = queue.jobs.find(({ id }) => id === was.id)
      if (!now) found.push(`job ${was.id} was ${was.state} and is gone`)
      else if (now.state === 'running') found.push(`job ${was.id} runs by itself`)
      else if (was.state === 'running' && !['interrupted', 'done'].includes(now.state))
        found.push(`job ${was.id} ran and is ${now.state}`)
      else if (now.state === 'done' && !assets.some(({ id }) => id === now.result))
        found.push(`job ${was.id} is done and its clip is not there`)
    }
    const workLeft = queue.jobs.some(({ state }) => state === 'queued' || state === 'interrupted')
    if (workLeft && !(queue.paused && queue.reason === 'recovered'))
      found.push(`the queue with work left came back ${queue.paused ? `paused, ${queue.reason}` : 'unpaused'}`)

    const { path: library } = await studio.call('library.folder')
    found.push(...findBroken(library, assets), ...findPartials(this.home))
    return found
  }

  /** The saved file is whole, and as new as the newest save that was acknowledged. */
  private findSaves(old: (save: { readonly at: number }) => boolean): string[] {
    const least = this.saves.filter(old).at(-1)?.n ?? 0
    if (!fs.existsSync(this.projectFile)) return least > 0 ? ['the saved project is gone'] : []
    try {
      const texts = Object.values(unzipSync(fs.readFileSync(this.projectFile), { filter: jsonOnly }))
      const name = texts.map((bytes) => /"name (\d+)"/.exec(Buffer.from(bytes).toString())?.[1]).find(Boolean)
      return Number(name ?? 0) < least ? [`the saved project holds name ${name}, name ${least} was saved`] : []
    } catch (error) {
      return [`the saved project is broken: ${String(error)}`]
    }
  }
}

const jsonOnly = ({ name }: { readonly name: string }): boolean => name.endsWith('.json')

/** Files of the library that are missing, of another content than their name says, or of an asset that nobody knows how to open. */
export function findBroken(library: string, assets: readonly Asset[]): string[] {
  const found: string[] = []
  const contents = new Map<string, string>()
  for (const file of filesBelow(path.join(library, 'files'))) {
    const name = path.basename(file).split('.')[0]!
    contents.set(name, file)
    const hash = createHash('sha256').update(fs.readFileSync(file)).digest('hex')
    if (hash !== name) found.push(`${file} is not what its name says`)
  }
  for (const { id, sha256, bytes } of assets) {
    const file = contents.get(sha256)
    if (!file) found.push(`${id} has no file`)
    else if (fs.statSync(file).size !== bytes) found.push(`${id} has ${fs.statSync(file).size} bytes of ${bytes}`)
  }
  return found
}

/** Unfinished files that were left lying. */
export function findPartials(home: string): string[] {
  return filesBelow(home)
    .filter((file) => /partial/.test(path.basename(file)))
    .map((file) => `${file} was left behind`)
}

function filesBelow(folder: string): string[] {
  if (!fs.existsSync(folder)) return []
  return fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
}

/** A render of a second or two with the sample's pictures. */
export async function smallRender(studio: Studio, seed: number): Promise<RenderRequest> {
  const assets = await studio.call('library.list', {})
  const first = (kind: Asset['kind']): string => {
    const asset = assets.filter((other) => other.kind === kind).sort((a, b) => (a.created < b.created ? -1 : 1))[0]
    if (!asset) throw new Error(`the sample project has no ${kind}`)
    return asset.id
  }
  return {
    kind: 'render',
    human: first('human'),
    background: first('background'),
    motion: first('motion'),
    settings: { ...defaultSettings, width: 256, height: 144, frames: 12, fps: 12, steps: 3, seed },
  }
}

/** A PNG that compresses badly and is like no other. */
export function noisePicture(width: number, height: number): Promise<Uint8Array> {
  const raw = Buffer.alloc(width * height * 3)
  for (let i = 0; i < raw.length; i++) raw[i] = Math.random() * 256
  return sharp(raw, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
