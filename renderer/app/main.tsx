// The window begins: what the studio knows is fetched once, then kept up to date by its events.
import '@fontsource-variable/inter'
import '../ui/theme.css'
import { createRoot } from 'react-dom/client'
import { call, listen } from './client'
import { noteFinished, noteMissed } from './actions/queue'
import { runFromMenu } from './keyboard'
import { App } from './App'
import { fillJobs, patchJobs, useJobs } from './stores/jobs'
import { fillLibrary, patchLibrary } from './stores/library'
import { keepNow, takeProject } from './stores/project'
import { useSystem } from './stores/system'
import { complain, say } from './stores/ui'

// The few controls that make style elements as they run (react-style-singleton) ask for the page's nonce by this name.
const mark = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')
Object.assign(window, { __webpack_nonce__: mark?.nonce })

listen((event) => {
  switch (event.type) {
    case 'assets':
      return patchLibrary(event.changed, event.removed)
    case 'jobs':
      noteFinished(event.changed)
      return patchJobs(event.changed, event.removed)
    case 'queue':
      return useJobs.setState({ paused: event.paused, reason: event.reason })
    case 'engine':
      return useSystem.setState({ engine: event.engine })
    case 'project':
      return takeProject(event.project)
    case 'command':
      return runFromMenu(event.command)
    case 'notice':
      return void say(event.level, event.text)
  }
})

createRoot(document.getElementById('root')!).render(<App />)

async function fill(): Promise<void> {
  const [assets, queue, project, info, preferences] = await Promise.all([
    call('library.list', {}),
    call('jobs.list'),
    call('project.current'),
    call('system.info'),
    call('preferences.get'),
  ])
  fillLibrary(assets)
  fillJobs(queue)
  useSystem.setState({ info, engine: info.engine, preferences })
  takeProject(project)
  noteMissed()
  if (project.recovered) say('info', 'Your project is as it was when the app ended.')
}
fill().catch(complain)

// What was changed a moment before the window goes away is kept as well.
addEventListener('pagehide', () => void keepNow())
