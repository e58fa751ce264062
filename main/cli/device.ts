// The flag --device of the commands that compute: tried as the studio tries it, in a process of its own, then used by this one.
import { useDevice } from '../engine/backends/onnx'
import { deviceName } from '../engine/device'
import { devices } from '../api'
import type { DeviceChoice } from '../api'
import { UserError } from '../media/errors'
import { Devices } from '../studio/devices'
import { forkEngine } from '../studio/fork-engine'
import { choice, otherwise } from './flags'
import type { Terminal } from './terminal'

export const device = otherwise(choice(devices, 'what to compute on; auto is the fastest that works here'), 'auto')

/** Computes on the chosen device from now on; should it fail, the processor goes on and the terminal says so. Throws UserError when it cannot be used. */
export async function useDeviceOf(asked: DeviceChoice, terminal: Terminal): Promise<void> {
  const { provider, note } = await new Devices(forkEngine).choose(asked)
  if (note !== undefined) throw new UserError(`--device ${asked}: ${note}; "anywhere doctor" tells of all`)
  if (provider !== 'cpu') terminal.note(`computing on ${deviceName(provider)}`)
  useDevice(provider, (lost) => {
    terminal.note(lost)
  })
}
