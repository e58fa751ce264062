// From combinations of the library to jobs of the queue, with the project's settings as they are now.
import type { Job, ProjectDocument, RenderRequest } from '../../../main/api'
import { call } from '../client'
import { documentNow, note } from '../stores/project'
import { complain, say, useUi } from '../stores/ui'

export interface Combination {
  readonly human: string
  readonly background: string
  readonly motion: string
}

/** What is chosen now, if all three are. */
export function chosenCombination({ chosen }: ProjectDocument): Combination | undefined {
  const { human, background, motion } = chosen
  return human && background && motion ? { human, background, motion } : undefined
}

export const requestOf = ({ settings }: ProjectDocument, combination: Combination): RenderRequest => ({
  kind: 'render',
  ...combination,
  settings,
})

/** A seed no one has thought of: 0 .. 2^31 - 1. */
export const freshSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0]! >>> 1

/** Queues a clip of each. Without the seed's lock the studio draws one for each; the last is then shown. Throws StudioError. */
export async function queueCombinations(combinations: readonly Combination[]): Promise<Job[]> {
  const document = documentNow()
  if (!document || combinations.length === 0) return []
  const jobs = await call('jobs.add', { requests: combinations.map((combination) => requestOf(document, combination)) })
  const last = jobs.at(-1)?.request
  if (last?.kind === 'render' && last.settings.seed !== document.settings.seed)
    note((now) => ({ ...now, settings: { ...now.settings, seed: last.settings.seed } }))
  return jobs
}

/** The Render button. */
export async function renderChosen(): Promise<void> {
  const document = documentNow()
  if (!document) return
  const combination = chosenCombination(document)
  if (!combination) {
    const { human, background } = document.chosen
    const missing = !human ? 'human' : !background ? 'background' : 'motion'
    useUi.setState({ workspace: 'animate', tab: missing })
    say('info', `Choose a ${missing === 'background' ? 'place' : missing} in the library first.`)
    return
  }
  try {
    const [job] = await queueCombinations([combination])
    if (job)
      say('info', `${job.title} is in the queue.`, {
        label: 'Show queue',
        run: () => useUi.setState({ workspace: 'gallery', side: 'queue' }),
      })
  } catch (error) {
    complain(error)
  }
}
