// A home folder whose library holds thousands of clips, made in plain Node by the studio's own library.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { defaultSettings } from '../../main/api'
import { openVideoWriter } from '../../main/media'
import { openDatabase } from '../../main/studio/database'
import { jobTables } from '../../main/studio/jobs'
import { AssetLibrary, libraryTables, openLibraryPlace } from '../../main/studio/library'
import { ensureSamples } from '../../main/studio/samples'

/** Different videos; the clips share them, but each has its own name, address and facts. */
const videos = 40
const size = { width: 320, height: 184 }
const [frames, fps] = [12, 12]

/** Fills the library of `home` with the samples and `count` clips of them. */
export async function makeClips(home: string, count: number): Promise<void> {
  const place = await openLibraryPlace(home)
  fs.mkdirSync(place.folder, { recursive: true })
  const database = openDatabase(path.join(place.folder, 'library.db'), [libraryTables, jobTables])
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'anywhere-clips-'))
  try {
    const library = new AssetLibrary({ database, place, onEvent: () => undefined })
    const { human, background, motion } = await ensureSamples(library)
    for (let video = 0; video < videos; video++) await writeVideo(path.join(work, `${video}.mp4`), video)
    for (let clip = 0; clip < count; clip++) {
      const file = path.join(work, 'clip.mp4')
      fs.copyFileSync(path.join(work, `${clip % videos}.mp4`), file)
      const [person, where] = [human[clip % human.length]!, background[clip % background.length]!]
      await library.adopt({
        kind: 'clip',
        file,
        extension: 'mp4',
        name: `${person.name} × ${where.name} ${clip + 1}`,
        size,
        seconds: frames / fps,
        clip: {
          request: {
            kind: 'render',
            human: person.id,
            background: where.id,
            motion: motion[clip % motion.length]!.id,
            settings: { ...defaultSettings, ...size, frames, fps, seed: clip },
          },
          frames,
          fps,
          modelSha256: '0'.repeat(64),
          engineVersion: '0',
          renderSeconds: 1,
        },
      })
    }
  } finally {
    database.close()
    fs.rmSync(work, { recursive: true })
  }
}

/** Waves of colours that no other video has. */
async function writeVideo(file: string, seed: number): Promise<void> {
  const { width, height } = size
  const writer = await openVideoWriter(file, { width, height, fps })
  for (let frame = 0; frame < frames; frame++) {
    const picture = new Uint8Array(width * height * 3)
    for (let i = 0; i < picture.length; i++) {
      const [x, y, channel] = [(i / 3) % width, i / 3 / width, i % 3]
      picture[i] = 128 + 100 * Math.sin(x / (9 + seed) + channel * seed + frame / 3) * Math.cos(y / (5 + (seed % 7)))
    }
    await writer.write(picture)
  }
  await writer.finish()
}
