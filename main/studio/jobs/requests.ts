// What the queue makes of a request before it keeps it: is all there, what is it called, which seed, which folder.
import { randomInt } from 'node:crypto'
import path from 'node:path'
import type { JobRequest, RenderRequest } from '../../api'
import { assertAdapterFits } from '../../engine/render/adapter-fit'
import { UserError, isUserError } from '../../media'
import type { JobLibrary, JobsOptions } from './types'

/** 'Mara × Promenade', 'Export of 4 clips', the model's own name. */
export function titleOf(request: JobRequest, library: Pick<JobLibrary, 'get'>): string {
  const name = (id: string) => library.get(id)?.name ?? 'unknown'
  switch (request.kind) {
    case 'render':
      return `${name(request.human)} × ${name(request.background)}`
    case 'export':
      return request.clips.length === 1
        ? `Export of ${name(request.clips[0]!)}`
        : `Export of ${request.clips.length} clips`
    case 'train':
      return request.name
  }
}

/** Checks a request, and gives the folder that it names as it is to be remembered. Throws UserError for what cannot be done. */
export function placeOf(
  request: JobRequest,
  { library, granted, home }: Pick<JobsOptions, 'library' | 'granted' | 'home'>,
): string | undefined {
  for (const id of assetsOf(request))
    if (!library.get(id)) throw new UserError('something of this job is no longer in the library; choose again')
  const problem = request.kind === 'render' ? adapterProblem(request, library) : undefined
  if (problem !== undefined) throw new UserError(problem)
  if (request.kind === 'train' && request.stage === 'adapter' && request.model === 'new')
    throw new UserError(
      'an adapter adds to a model that can do something already; start from "mini" or a model of yours',
    )
  if (request.kind === 'export')
    return request.folder === null ? path.join(home, 'exports') : granted(request.folder, 'export-folder')
  if (request.kind === 'train' && request.data !== 'synth') return granted(request.data, 'dataset-folder')
  return undefined
}

/** Why the adapter of these settings cannot be used, in one line; undefined when it can, and where there is none. */
export function adapterProblem(
  { settings }: RenderRequest,
  library: Pick<JobLibrary, 'get' | 'fileOf'>,
): string | undefined {
  const { model, adapter } = settings
  if (adapter === null) return undefined
  const known = library.get(adapter)
  if (known?.kind !== 'adapter') return 'the adapter is no longer in the library; choose another, or none'
  try {
    const named = (id: string) => ({ file: library.fileOf(id), name: library.get(id)?.name ?? id })
    assertAdapterFits(named(adapter), model === 'mini' ? { file: 'mini', name: 'mini' } : named(model))
    return undefined
  } catch (error) {
    if (isUserError(error)) return error.message
    throw error
  }
}

function assetsOf(request: JobRequest): string[] {
  switch (request.kind) {
    case 'render': {
      const { human, background, motion, settings } = request
      const { model, adapter } = settings
      return [human, background, motion, ...(model === 'mini' ? [] : [model]), ...(adapter === null ? [] : [adapter])]
    }
    case 'export':
      return [...request.clips]
    case 'train':
      return request.model === 'new' || request.model === 'mini' ? [] : [request.model]
  }
}

/** A seed that is not locked is drawn now, so that the job says what it will be made with. */
export function drawn(request: JobRequest): JobRequest {
  if (request.kind !== 'render' || request.settings.seedLocked) return request
  return { ...request, settings: { ...request.settings, seed: randomInt(2 ** 31) } }
}
