// Parity: this engine against numbers from the reference implementations (PyTorch, diffusers, scikit-image, OpenCV). Walks a folder of
// fixtures, recognises each by its content and reports the largest error of every tensor in it.
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { reason, UserError } from '../../media/errors'
import { readSafetensors } from '../weights/safetensors'
import { adamwKind } from './adamw'
import type { Comparison, Fixture, FixtureKind } from './fixture'
import { epipolarKind, imageMetricsKind } from './pictures'
import { opsKind } from './ops'
import { ropeKind } from './rope'
import { schedulersKind } from './schedulers'
import { transformerKind } from './transformer'
import { vaeKind } from './vae'

export type { Comparison } from './fixture'

/** Float32 on both sides: what agrees to this is the same computation. */
export const tolerance = 1e-4

const kinds = [transformerKind, ropeKind, schedulersKind, opsKind, adamwKind, imageMetricsKind, epipolarKind, vaeKind]

export interface FileReport {
  file: string
  kind: string
  status: 'passed' | 'failed' | 'not yet supported'
  comparisons: Comparison[]
  /** The largest error of the file. */
  worst?: number
  /** Why it could not be run. */
  problem?: string
}

/**
 * Runs every .safetensors file in `place` (a folder, searched through, or one file), calling `onFile` as each is done. A damaged file
 * is a failed report, not the end of the run. Throws UserError when there is no fixture at all.
 */
export async function runParity(
  place: string,
  onFile: (report: FileReport) => void = () => undefined,
): Promise<FileReport[]> {
  const files = fixtureFiles(place)
  if (files.length === 0) throw new UserError(`no .safetensors fixtures in ${place}`)
  const reports: FileReport[] = []
  for (const file of files) {
    const report = await runFile(file)
    reports.push(report)
    onFile(report)
  }
  return reports
}

async function runFile(file: string): Promise<FileReport> {
  let kind: FixtureKind | undefined
  try {
    const fixture: Fixture = { path: file, ...readSafetensors(file) }
    kind = kinds.find((candidate) => candidate.recognises(fixture))
    if (!kind) return { file, kind: 'unknown', status: 'not yet supported', comparisons: [] }
    const comparisons = await kind.run(fixture)
    const worst = Math.max(...comparisons.map(({ error }) => error))
    return { file, kind: kind.name, status: worst <= tolerance ? 'passed' : 'failed', comparisons, worst }
  } catch (error) {
    return { file, kind: kind?.name ?? 'unreadable', status: 'failed', comparisons: [], problem: reason(error) }
  }
}

function fixtureFiles(place: string): string[] {
  let isFolder: boolean
  try {
    isFolder = statSync(place).isDirectory()
  } catch {
    throw new UserError(`no such folder: ${place}`)
  }
  if (!isFolder) return [place]
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.safetensors'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
}
