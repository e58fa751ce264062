// How times, sizes and the progress of a job are said in the window. No framework here: words only.
import type { Job, JobProgress } from '../../../main/api'

/** 14.2 -> '0:14', 70 -> '1:10', 3725 -> '1:02:05'. Seconds, rounded up: the last second is shown as 0:01. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds - 1e-6))
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor(whole / 60) % 60
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}

/** 140 -> '2 min 20 s', 45 -> '45 s', 3900 -> '1 h 5 min'. */
export function spell(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return whole % 60 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${whole / 60} min`
  const minutes = Math.round(whole / 60)
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`
}

/** The length of a clip: '6.0 s'. */
export const lengthOf = (seconds: number): string => `${seconds.toFixed(1)} s`

/** 1536 -> '1.5 kB' with decimal units, as file managers count. */
export function weigh(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`
}

export const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : many}`

/** Stages that the artist hears under another name; any other is said as the engine calls it. */
const stages: Readonly<Record<string, string>> = {
  load: 'Loading the model',
  'find the person': 'Finding the person',
  compose: 'Composing frames',
  encode: 'Writing the video',
}

/** Whether the stage is counted in steps that an artist knows: others are of a kind for which no pace means anything. */
export const hasSteps = ({ stage }: JobProgress): boolean => stage === 'sample' || stage === 'train'

/** 'Step 5 of 6' while sampling or training (the step under way), otherwise the stage. */
export function stageWords(progress: JobProgress): string {
  const { stage, step, of } = progress
  if (hasSteps(progress)) return `Step ${Math.min(step + 1, of)} of ${of}`
  const words = stages[stage] ?? stage.charAt(0).toUpperCase() + stage.slice(1)
  return of > 1 ? `${words} · ${Math.min(step + 1, of)} of ${of}` : words
}

/** 'Step 5 of 6 · 0:14': what a running cell says. */
export function progressWords(job: Job): string {
  if (!job.progress) return 'Starting'
  const { etaSeconds } = job.progress
  const stage = stageWords(job.progress)
  return etaSeconds === undefined ? stage : `${stage} · ${clock(etaSeconds)}`
}

/** 1.9 -> '1.9 s/step', 0.25 -> '4.0 steps/s'. */
export const pace = (secondsPerStep: number): string =>
  secondsPerStep >= 0.5 ? `${secondsPerStep.toFixed(1)} s/step` : `${(1 / secondsPerStep).toFixed(1)} steps/s`

/** Seconds a job will still take: the engine's own figure when it has one, else what is left of the estimate. */
export function secondsLeft(job: Job): number {
  if (job.state === 'queued') return job.estimate.seconds
  if (job.state !== 'running') return 0
  return job.progress?.etaSeconds ?? job.estimate.seconds * (1 - (job.progress?.share ?? 0))
}
