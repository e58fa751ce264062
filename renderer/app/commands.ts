// Which function each command of the table runs just now. A panel that is mounted provides its commands; keys, native menu
// and buttons all run them by id.
import { useEffect } from 'react'
import type { CommandId } from '../../main/api'

type Run = () => void
const providers = new Map<CommandId, Run[]>()

/** The newest provider wins; returns the function that takes it away. */
export function provide(commands: Partial<Record<CommandId, Run>>): () => void {
  const entries = Object.entries(commands) as [CommandId, Run][]
  for (const [id, run] of entries) providers.set(id, [...(providers.get(id) ?? []), run])
  return () => {
    for (const [id, run] of entries)
      providers.set(
        id,
        (providers.get(id) ?? []).filter((other) => other !== run),
      )
  }
}

/** Provides commands while the component is mounted. `deps` as in useEffect. */
export function useCommands(commands: Partial<Record<CommandId, Run>>, deps: readonly unknown[]): void {
  useEffect(() => provide(commands), deps)
}

export const canRun = (id: CommandId): boolean => (providers.get(id)?.length ?? 0) > 0

/** False when nothing provides the command now. */
export function run(id: CommandId): boolean {
  const provider = providers.get(id)?.at(-1)
  provider?.()
  return provider !== undefined
}
