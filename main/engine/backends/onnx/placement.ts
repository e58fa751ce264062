// Where a program's nodes really ran. A provider leaves to the processor what it cannot do, silently and with a copy there and back;
// onnxruntime's own profile of a run tells which nodes those were.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { HostTensor, Program } from '../../ir'
import type { CompileOptions } from './compile'
import { compile } from './device'

export interface Placement {
  /** Nodes that ran on the provider itself. */
  readonly onDevice: number
  /** Nodes that the processor ran in its place, by ONNX operator. Empty for the provider 'cpu'. */
  readonly fallen: Readonly<Record<string, number>>
}

interface ProfileEvent {
  readonly cat: string
  readonly name: string
  readonly args?: { readonly op_name?: string; readonly provider?: string; readonly node_index?: string }
}

/** Runs a program once and says where. Slower than a plain run, since every node is noted. Throws as `compile` and `run` do. */
export async function runPlaced(
  program: Program,
  feeds: Readonly<Record<string, HostTensor>>,
  options: CompileOptions,
): Promise<{ readonly results: Record<string, HostTensor>; readonly placement: Placement }> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'anywhere-profile-'))
  try {
    const executable = await compile(program, { ...options, profile: path.join(folder, 'run') })
    const results = await executable.run(feeds).finally(() => executable.dispose())
    const [file] = readdirSync(folder)
    const events = JSON.parse(readFileSync(path.join(folder, file!), 'utf8')) as ProfileEvent[]
    return { results, placement: placementOf(events, options.provider === 'cpu') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function placementOf(events: readonly ProfileEvent[], onProcessor: boolean): Placement {
  const nodes = new Map<string, { readonly op: string; readonly fell: boolean }>()
  for (const { cat, name, args } of events) {
    if (cat !== 'Node' || !name.endsWith('_kernel_time') || !args?.op_name) continue
    if (args.op_name.startsWith('Memcpy')) continue // the copies that follow from the falling back, and those of inputs and outputs
    const fell = !onProcessor && args.provider === 'CPUExecutionProvider'
    nodes.set(`${args.node_index} ${args.op_name}`, { op: args.op_name, fell })
  }
  const fallen: Record<string, number> = {}
  let onDevice = 0
  for (const { op, fell } of nodes.values())
    if (fell) fallen[op] = (fallen[op] ?? 0) + 1
    else onDevice++
  return { onDevice, fallen }
}
