// Where the window was: kept in a small file, and brought back into sight when the screen it was on has gone.
import fs from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

const whole = z.number().int()
const windowState = z.object({ x: whole, y: whole, width: whole, height: whole, maximized: z.boolean() })
export type WindowState = z.infer<typeof windowState>

export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export const least = { width: 960, height: 600 }
const usual = { width: 1440, height: 900 }

/** What was kept, or undefined: never an error, a window can be anywhere. */
export function readWindowState(file: string): WindowState | undefined {
  try {
    return windowState.parse(JSON.parse(fs.readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}

export function writeWindowState(file: string, state: WindowState): void {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, `${JSON.stringify(state)}\n`)
}

/** The place for a window: as kept when at least a good part of it is on a screen, else of the usual size, centred on the first. */
export function placeWindow(kept: WindowState | undefined, screens: readonly Area[]): WindowState {
  const home = kept && screens.find((screen) => overlap(kept, screen) >= 0.3 * kept.width * kept.height)
  const screen = home ?? screens[0]!
  const width = Math.min(Math.max(home ? kept.width : usual.width, least.width), screen.width)
  const height = Math.min(Math.max(home ? kept.height : usual.height, least.height), screen.height)
  const within = (wanted: number, from: number, size: number, room: number): number =>
    Math.round(Math.min(Math.max(wanted, from), from + room - size))
  return {
    width,
    height,
    x: within(home ? kept.x : screen.x + (screen.width - width) / 2, screen.x, width, screen.width),
    y: within(home ? kept.y : screen.y + (screen.height - height) / 2, screen.y, height, screen.height),
    maximized: kept?.maximized ?? false,
  }
}

function overlap(a: Area, b: Area): number {
  const along = (from: number, size: number, otherFrom: number, otherSize: number): number =>
    Math.max(0, Math.min(from + size, otherFrom + otherSize) - Math.max(from, otherFrom))
  return along(a.x, a.width, b.x, b.width) * along(a.y, a.height, b.y, b.height)
}
