// A studio's projects without its queue and engine: what tests of saving and opening need.
import { onTestFinished } from 'vitest'
import type { StudioEvent } from '../../main/api'
import { Projects } from '../../main/studio/project'
import { openLibrary } from './library'
import type { OpenLibrary } from './library'

export interface OpenProjects extends OpenLibrary {
  readonly projects: Projects
  /** Lines told to the user. */
  notices(): string[]
}

/** Opens library and projects of `home`; a fresh home begins with the samples, as the app does. */
export async function openProjects(home?: string, recovered = false): Promise<OpenProjects> {
  const opened = await openLibrary(home)
  const told: StudioEvent[] = []
  const projects = await Projects.start({
    home: opened.home,
    library: opened.library,
    onEvent: (event) => told.push(event),
    recovered,
  })
  projects.welcome()
  onTestFinished(() => opened.library.close())
  return {
    ...opened,
    projects,
    notices: () => told.flatMap((event) => (event.type === 'notice' ? event.text : [])),
  }
}
