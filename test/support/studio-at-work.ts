// A studio that imports, changes, saves and stars without end: `studio-at-work.ts HOME FILE`. Each line it prints is a promise that
// was kept before it was printed. For the test that kills it.
import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import type { Asset, OpenProject, Reply } from '../../main/api'
import { resource } from '../../main/media'
import { openStudio } from '../../main/studio/studio'

const [home, file] = process.argv.slice(2) as [string, string]
const studio = await openStudio({
  home,
  host: 'browser',
  spawnEngine: () => {
    throw new Error('there is nothing to render here')
  },
  dialogs: { choose: () => Promise.resolve(null), reveal: () => Promise.resolve() },
  onEvent: () => undefined,
})

async function ask<T>(reply: Promise<Reply>): Promise<T> {
  const answer = await reply
  if (!answer.ok) throw new Error(answer.error.message)
  return answer.value as T
}
const call = <T>(method: string, input?: unknown): Promise<T> => ask<T>(studio.call(method, input))
const promise = (kept: object): boolean => process.stdout.write(`${JSON.stringify(kept)}\n`)

promise({ started: true })
const picture = readFileSync(resource('backgrounds/loft.jpg'))
for (let i = 0; ; i++) {
  const unique = await sharp(picture)
    .resize(400 + (i % 200), 300)
    .tint({ r: (i * 7) % 255, g: 99, b: process.pid % 255 })
    .jpeg()
    .toBuffer()
  const upload = await ask<string>(studio.upload(`place ${i}.jpg`, unique))
  const [outcome] = await call<{ asset: Asset }[]>('library.import', { uploads: [upload], kind: 'background' })
  const { asset } = outcome!
  promise({ imported: asset.id })
  const { id, document } = await call<OpenProject>('project.current')
  const backgrounds = [...document.backgrounds, asset.id].slice(-40)
  await call('project.update', { id, document: { ...document, name: `Change ${i}`, backgrounds } })
  promise({ changed: { name: `Change ${i}`, with: asset.id } })
  const { grant } = await call<{ grant: string }>('host.grant', { what: 'project-to-save', path: file })
  await call('project.save', { file: grant })
  promise({ saved: `Change ${i}` })
}
