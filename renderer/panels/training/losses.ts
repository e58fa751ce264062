// The loss points of a run: fetched once, then growing with the job's progress.
import { useEffect, useState } from 'react'
import type { Job, LossPoint } from '../../../main/api'
import { call } from '../../app/client'
import { complain } from '../../app/stores/ui'
import { withPoint } from './curves'

export function useLosses(job: Job | undefined): readonly LossPoint[] {
  const [points, setPoints] = useState<readonly LossPoint[]>([])
  const id = job?.id
  const ended = job?.state !== 'running'
  // Once more when it ends: points that came while the window was busy are then there as well.
  useEffect(() => {
    let wanted = true
    setPoints((now) => (now.length > 0 && id === shown ? now : []))
    shown = id
    if (id)
      call('jobs.losses', { id }).then((found) => {
        if (wanted) setPoints((now) => (found.length >= now.length ? found : now))
      }, complain)
    return () => {
      wanted = false
    }
  }, [id, ended])

  const { step, losses } = job?.progress ?? {}
  useEffect(() => {
    if (step !== undefined && losses) setPoints((now) => withPoint(now, { step, losses }))
  }, [step, losses])
  return points
}

/** The run whose points are shown. */
let shown: string | undefined
