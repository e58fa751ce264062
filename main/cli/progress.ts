// How far a command is, in one line.
import type { Paced } from '../studio/pace'

/** The line for a terminal: `compose 12/48  0.31 s/step  11 s left  loss 0.02`. */
export function progressLine({ stage, step, of, secondsPerStep, etaSeconds, ...details }: Paced): string {
  const parts = [`${stage} ${step}/${of}`]
  if (secondsPerStep !== undefined) parts.push(`${short(secondsPerStep)} s/step`)
  if (etaSeconds !== undefined && step < of) parts.push(`${duration(etaSeconds)} left`)
  for (const [name, value] of Object.entries(details)) {
    if (value !== undefined) parts.push(`${name} ${typeof value === 'number' ? short(value) : value}`)
  }
  return parts.join('  ')
}

/** '12 s', '3 min 20 s', '1 h 02 min'. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${seconds < 10 ? short(seconds) : whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

function short(value: number): string {
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}
