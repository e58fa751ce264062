// The machine, the app around the window, and what the user prefers. Preferences are kept, not undone.
import { z } from 'zod'
import { preset } from './settings'

export interface EngineState {
  readonly state: 'starting' | 'ready' | 'working' | 'stopped'
  /** stopped: why, in one line. It starts again with the next job. */
  readonly reason?: string
  /** 'CPU, 2 cores'. */
  readonly device: string
  /** Resident memory of the engine process, bytes. */
  readonly memory?: number
}

export interface SystemInfo {
  readonly version: string
  readonly platform: string
  /** Window of the app, or a browser elsewhere. */
  readonly host: 'electron' | 'browser'
  readonly engine: EngineState
  /** No clip has been made here yet. */
  readonly firstStart: boolean
}

/** What the engine may compute on; 'auto' is the fastest that works and agrees with the processor. */
export const devices = ['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const
export type DeviceChoice = (typeof devices)[number]

/** A device as the window offers it. */
export interface DeviceOption {
  readonly id: DeviceChoice
  /** 'GPU (WebGPU)' */
  readonly name: string
  readonly available: boolean
  /** What it is worth here, or why it cannot be used and the way out. */
  readonly text?: string
}

export const preferences = z.object({
  presets: z.array(preset).max(200),
  device: z.enum(devices),
  /** Sizes of panes in percent, open tabs: whatever the window wants to find again. Small. */
  layout: z.record(
    z.string().max(60),
    z.union([z.number(), z.string().max(200), z.boolean(), z.array(z.number()).max(10)]),
  ),
})
export type Preferences = z.infer<typeof preferences>

/** What the user is asked to choose on the disk. */
export const choice = z.object({
  what: z.enum([
    'project-to-open',
    'project-to-save',
    'export-folder',
    'dataset-folder',
    'library-folder',
    'model-folder',
  ]),
  /** For a file to save. */
  name: z.string().max(120).optional(),
})
export interface Grant {
  readonly grant: string
  /** For display only. */
  readonly path: string
}
