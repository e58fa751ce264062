// What jobs will take, asked a moment after the settings stop changing.
import { useEffect, useState } from 'react'
import type { Estimate, JobRequest } from '../../main/api'
import { call } from './client'
import { useJobs } from './stores/jobs'

/** Milliseconds without a change before asking. */
const rest = 250

/** The sum over `requests`: seconds added up, the largest memory, the first refusal. undefined while it is not known. */
export function useEstimate(requests: readonly JobRequest[]): Estimate | undefined {
  const [estimate, setEstimate] = useState<Estimate>()
  const key = JSON.stringify(requests)
  // Each finished job makes the next figure better.
  const finished = useJobs((state) => [...state.jobs.values()].filter((job) => job.state === 'done').length)
  useEffect(() => {
    if (requests.length === 0) return setEstimate(undefined)
    let current = true
    const timer = setTimeout(() => {
      call('jobs.estimate', { requests: [...requests] })
        .then((estimates) => current && setEstimate(sum(estimates)))
        .catch(() => current && setEstimate(undefined)) // a figure to plan with: none is shown rather than a fault
    }, rest)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [key, finished])
  return estimate
}

export function sum(estimates: readonly Estimate[]): Estimate {
  const refused = estimates.find((one) => one.refused !== undefined)?.refused
  return {
    seconds: estimates.reduce((total, { seconds }) => total + seconds, 0),
    memory: estimates.reduce((most, { memory }) => Math.max(most, memory), 0),
    measured: estimates.every(({ measured }) => measured),
    ...(refused === undefined ? {} : { refused }),
  }
}
