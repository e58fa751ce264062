// The machine's state and the user's preferences, as the studio last told them.
import { create } from 'zustand'
import type { EngineState, Preferences, SystemInfo } from '../../../main/api'
import { call } from '../client'
import { complain } from './ui'

interface SystemState {
  readonly info: SystemInfo | undefined
  readonly engine: EngineState | undefined
  readonly preferences: Preferences
}

export const useSystem = create<SystemState>(() => ({
  info: undefined,
  engine: undefined,
  preferences: { presets: [], layout: {}, device: 'auto' },
}))

/** Keeps a preference. */
export function prefer(change: Partial<Preferences>): void {
  useSystem.setState((state) => ({ preferences: { ...state.preferences, ...change } }))
  call('preferences.set', change).catch(complain)
}

/** Remembers a detail of the layout. */
export function rememberLayout(name: string, value: Preferences['layout'][string]): void {
  prefer({ layout: { ...useSystem.getState().preferences.layout, [name]: value } })
}
