// What the status bar says. Words only.
import type { EngineState, OpenProject } from '../../../main/api'

const engine: Record<EngineState['state'], string> = {
  starting: 'Engine starting',
  ready: 'Engine ready',
  working: 'Engine working',
  stopped: 'Engine stopped',
}
/** An engine that stopped without a reason has nothing to do; it starts with the next job. */
export const isIdle = ({ state, reason }: EngineState): boolean => state === 'stopped' && reason === undefined
export const engineWords = (now: EngineState): string => (isIdle(now) ? 'Engine idle' : engine[now.state])

/** 'Saved 12 s ago'. `now`: milliseconds since 1970. */
export function savedWords({ savedAt, changed }: OpenProject, now: number): string {
  if (savedAt === undefined) return 'Not saved to a file'
  const seconds = Math.max(0, (now - Date.parse(savedAt)) / 1000)
  const ago =
    seconds < 5
      ? 'just now'
      : seconds < 60
        ? `${Math.floor(seconds)} s ago`
        : seconds < 3600
          ? `${Math.floor(seconds / 60)} min ago`
          : seconds < 86_400
            ? `${Math.floor(seconds / 3600)} h ago`
            : new Date(savedAt).toLocaleDateString()
  return `${changed ? 'Changed, saved' : 'Saved'} ${ago}`
}
