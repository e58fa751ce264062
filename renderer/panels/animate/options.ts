// What is drawn beside the figure; kept with the window's layout.
import { rememberLayout, useSystem } from '../../app/stores/system'

const usual = { ghosts: true, trails: true, place: true }
export type ViewOption = keyof typeof usual

export function viewOption(name: ViewOption): boolean {
  const kept = useSystem.getState().preferences.layout[`animate.${name}`]
  return typeof kept === 'boolean' ? kept : usual[name]
}

export function useViewOption(name: ViewOption): [boolean, (on: boolean) => void] {
  useSystem((state) => state.preferences.layout[`animate.${name}`])
  return [viewOption(name), (on) => rememberLayout(`animate.${name}`, on)]
}
