// The device that the engine computes on, as people call it.
import os from 'node:os'

/** 'CPU, 2 cores'. */
export function deviceName(): string {
  const cores = os.availableParallelism()
  return `CPU, ${cores} ${cores === 1 ? 'core' : 'cores'}`
}
