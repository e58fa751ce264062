// On the first start, beside the Render button: what to press, and how long it takes.
import { X } from 'lucide-react'
import { IconButton } from '../ui'
import { spell } from '../panels/queue/words'
import { chosenCombination, requestOf } from './actions/render'
import { useEstimate } from './estimate'
import { useJobs } from './stores/jobs'
import { someOfKind, useLibrary } from './stores/library'
import { useProject } from './stores/project'
import { rememberLayout, useSystem } from './stores/system'
import css from './app.module.css'

export function FirstHint() {
  const wanted = useSystem(
    (state) => state.info?.firstStart === true && state.preferences.layout['hint.first'] !== true,
  )
  const idle = useJobs((state) => state.jobs.size === 0)
  const none = useLibrary((state) => !someOfKind(state.assets, 'clip'))
  return wanted && idle && none ? <Hint /> : null
}

function Hint() {
  const document = useProject((state) => state.project?.document)
  const combination = document && chosenCombination(document)
  const estimate = useEstimate(document && combination ? [requestOf(document, combination)] : [])
  if (!combination) return null
  return (
    <div className={css.hint} role="note" aria-label="First clip">
      <p>
        Press <b>Render</b>: your first clip takes about {estimate ? spell(estimate.seconds) : 'a minute'}.
      </p>
      <IconButton icon={X} size="small" label="Hide this hint" onClick={() => rememberLayout('hint.first', true)} />
    </div>
  )
}
