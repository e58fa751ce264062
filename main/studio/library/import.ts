// Import: files of all kinds at once, each judged by itself. One that is broken is told in a line and the others go on.
import fs from 'node:fs/promises'
import type { AssetKind, ImportOutcome } from '../../api'
import { importOpenPose } from '../../motion'
import type { OpenPoseFile } from '../../motion'
import { isUserError, reason } from '../../media'
import { unwritable } from '../../media/partials'
import { assertFitsItsModel } from './adapters'
import { examine, keepPoses, readOpenPose } from './examine'
import type { Examined } from './examine'
import type { AssetLibrary } from './library'

/** A file that is the studio's to move away, and what the user calls it. */
export interface Incoming {
  readonly file: string
  readonly name: string
}

export interface ImportOptions {
  /** What pictures are. */
  readonly kind?: AssetKind
  readonly tags?: readonly string[]
}

/** Takes each file in, or says why not. Single frames of OpenPose that belong together by their names are one motion. */
export async function importFiles(
  library: AssetLibrary,
  files: readonly Incoming[],
  { kind, tags }: ImportOptions,
): Promise<ImportOutcome[]> {
  const workFile = (extension: string): string => library.contents.workFile(extension)
  const outcomes: ImportOutcome[] = []
  const take = async (of: readonly Incoming[], look: (called: string) => Promise<Examined>): Promise<void> => {
    const { name, file } = of[0]!
    const called = of.length > 1 ? `${name} and ${of.length - 1} more` : name
    try {
      const outcome = await library.exclusive(async () => {
        const { instead, ...known } = await look(called)
        if (known.kind === 'adapter') await assertFitsItsModel(library, file, called)
        const title = assetName(of.length > 1 ? clipOf(name) : name, known.kind)
        const kept = await library.keep(instead ?? file, { ...known, name: title, ...(tags ? { tags } : {}) })
        if (instead) await Promise.all(of.map((frame) => fs.rm(frame.file, { force: true })))
        return kept
      })
      outcomes.push({ file: called, ...outcome })
    } catch (error) {
      outcomes.push({ file: called, error: lineOf(error, file, called, library.contents.folder) })
    }
  }

  const { clips, others } = await sortOut(files)
  for (const frames of clips)
    await take(frames, async (called) => {
      const json = await Promise.all(frames.map(async (frame) => ({ name: frame.name, json: await jsonOf(frame) })))
      return keepPoses(importOpenPose(json satisfies OpenPoseFile[]), called, workFile)
    })
  for (const incoming of others) await take([incoming], (called) => examine(incoming.file, called, kind, workFile))
  return outcomes
}

/** Which files are frames of one clip: OpenPose frames whose names differ only in their number. */
async function sortOut(files: readonly Incoming[]): Promise<{ clips: Incoming[][]; others: Incoming[] }> {
  const clips = new Map<string, Incoming[]>()
  const others: Incoming[] = []
  for (const incoming of files) {
    const json = await jsonOf(incoming).catch(() => undefined)
    if (json === undefined) others.push(incoming)
    else clips.set(clipOf(incoming.name), [...(clips.get(clipOf(incoming.name)) ?? []), incoming])
  }
  return { clips: [...clips.values()], others }
}

const jsonOf = ({ file, name }: Incoming): Promise<unknown> => readOpenPose(file, name)

/** 'clip_2_000000000052_keypoints.json' is a frame of 'clip_2'. */
function clipOf(name: string): string {
  return name
    .replace(/\.json$/i, '')
    .replace(/_keypoints$/i, '')
    .replace(/[ _.-]*\d+$/, '')
}

/** The name of an asset from that of its file: one line, not too long, never empty. */
export function assetName(file: string, kind: AssetKind): string {
  const base = file.replace(/^.*[/\\]/, '').replace(/(?<=.)\.[A-Za-z0-9]{1,11}$/, '')
  const line = base
    .replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
    .trim()
    .slice(0, 120)
    .trim()
  return line === '' ? kind : line
}

/** One line about the user's own file: where it lay in the meantime is not for the user. */
function lineOf(error: unknown, file: string, called: string, folder: string): string {
  if (error instanceof Error && 'syscall' in error) return unwritable(folder, error).message
  const told = reason(error).replaceAll(file, called)
  return isUserError(error) ? told : `"${called}" could not be imported (${told})`
}
