// A look at a model folder that the artist wants to import: in an engine process of its own, so that neither the windows nor a clip in
// the making wait for the disk it lies on.
import { fromEngine } from '../engine/process-messages'
import type { InspectedModel } from '../engine/process-messages'
import { UserError } from '../media'
import type { SpawnEngine } from './engine-host'

/** Milliseconds. Some thousand headers and samples are read, which is a matter of seconds wherever the folder lies. */
const patience = 120_000

/** Throws UserError with one line when it is no whole model. */
export function inspectInProcess(spawn: SpawnEngine, folder: string): Promise<InspectedModel> {
  const id = 'inspect'
  return new Promise((resolve, reject) => {
    const engine = spawn()
    const settle = (how: () => void): void => {
      clearTimeout(timer)
      how()
      engine.kill()
    }
    const refuse = (line: string): void => settle(() => reject(new UserError(line)))
    const timer = setTimeout(() => {
      refuse(`looking at "${folder}" took more than ${patience / 1000} s; copy it to a faster disk`)
    }, patience)
    engine.onMessage((message) => {
      const { data } = fromEngine.safeParse(message)
      if (data?.type === 'inspected' && data.id === id) settle(() => resolve(data.model))
      else if (data?.type === 'failed' && data.id === id)
        settle(() => reject(data.user ? new UserError(data.message) : new Error(data.message)))
    })
    engine.onExit((reason) => refuse(`looking at "${folder}" failed: ${reason}`))
    engine.send({ type: 'inspect', id, folder })
  })
}
