// What this machine has and lacks, each with the way out: for `anywhere doctor`, and as the report that a user copies from the window.
import fs from 'node:fs'
import os from 'node:os'
import { deviceName } from '../engine/device'
import type { Provider } from '../engine/device'
import type { ProviderStatus } from '../engine/process-messages'
import { reason } from '../media/errors'
import { findFfmpeg } from '../media/ffmpeg'
import { appPackage, packageFolder, resource } from '../media/resources'
import { describe } from './devices'

export interface Finding {
  readonly name: string
  /** 'missing' stops the studio from working, 'note' does not. */
  readonly status: 'ok' | 'note' | 'missing'
  readonly text: string
}

/** What each of the engine's devices is worth here. */
export type ProbeDevices = () => Promise<Readonly<Record<Provider, ProviderStatus>>>

const GiB = 2 ** 30
const marks = { ok: 'ok     ', note: 'note   ', missing: 'MISSING' } as const

/** Looks at everything; `folder` is the one that clips are written to. Takes a moment. */
export async function examine(probeDevices: ProbeDevices, folder: string): Promise<Finding[]> {
  return [app(), packages(), await ffmpeg(), ...(await onnxruntime(probeDevices)), ...machine(folder), model()]
}

/** A line per finding, in columns, fit to be shown to others: the user's own folder is '~'. */
export function report(findings: readonly Finding[]): string {
  const lines = findings.map(({ name, status, text }) => `${marks[status]}  ${name.padEnd(12)}  ${text}`)
  return lines.join('\n').replaceAll(os.homedir(), '~')
}

function app(): Finding {
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number]
  const { electron } = process.versions
  const runs = `${appPackage().version} on ${process.platform} ${process.arch}, Node ${process.versions.node}`
  if (electron) return { name: 'app', status: 'ok', text: `${runs}, Electron ${electron}` }
  const recent = major > 20 || (major === 20 && minor >= 9)
  return { name: 'app', status: recent ? 'ok' : 'missing', text: recent ? runs : `${runs}; install Node 20.9 or newer` }
}

function packages(): Finding {
  const names = ['onnxruntime-node', 'sharp', 'libsql', '@mediapipe/pose']
  const absent = names.filter((name) => !isInstalled(name))
  return absent.length === 0
    ? { name: 'packages', status: 'ok', text: `${names.join(', ')} are installed` }
    : { name: 'packages', status: 'missing', text: `${absent.join(', ')}; run "npm ci"` }
}

function isInstalled(name: string): boolean {
  try {
    packageFolder(name)
    return true
  } catch {
    return false
  }
}

async function ffmpeg(): Promise<Finding> {
  try {
    const { path: file, source, version } = await findFfmpeg()
    return { name: 'ffmpeg', status: 'ok', text: `${version} from ${source} (${file})` }
  } catch (error) {
    return { name: 'ffmpeg', status: 'missing', text: reason(error) }
  }
}

async function onnxruntime(probeDevices: ProbeDevices): Promise<Finding[]> {
  try {
    const manifest = fs.readFileSync(`${packageFolder('onnxruntime-node')}/package.json`, 'utf8')
    const { version } = JSON.parse(manifest) as { version: string }
    const { cpu, ...cards } = await probeDevices()
    const devices = (Object.entries(cards) as [Provider, ProviderStatus][]).map(([name, status]): Finding => ({
      name,
      status: status.available ? 'ok' : 'note',
      text: describe(status),
    }))
    if (!cpu.available)
      return [{ name: 'onnxruntime', status: 'missing', text: `${version}: ${cpu.reason}` }, ...devices]
    return [{ name: 'onnxruntime', status: 'ok', text: `${version}, runs on: ${deviceName()}` }, ...devices]
  } catch (error) {
    return [{ name: 'onnxruntime', status: 'missing', text: reason(error) }]
  }
}

function machine(folder: string): Finding[] {
  const { bavail, bsize } = fs.statfsSync(folder)
  const free = (bavail * bsize) / GiB
  const memory = os.totalmem() / GiB
  const processor = os.cpus()[0]?.model.trim() ?? 'unknown kind'
  return [
    { name: 'cores', status: 'ok', text: `${os.availableParallelism()} (${processor})` },
    {
      name: 'memory',
      status: memory < 4 ? 'note' : 'ok',
      text: `${memory.toFixed(1)} GiB, ${(os.freemem() / GiB).toFixed(1)} GiB free${memory < 4 ? '; 4 GiB are advised' : ''}`,
    },
    {
      name: 'disk',
      status: free < 2 ? 'note' : 'ok',
      text: `${free.toFixed(1)} GiB free in ${folder}${free < 2 ? '; make room before long renders' : ''}`,
    },
  ]
}

function model(): Finding {
  const file = resource('models/mini.safetensors')
  const stat = fs.statSync(file, { throwIfNoEntry: false })
  return stat
    ? { name: 'mini model', status: 'ok', text: `${(stat.size / 2 ** 20).toFixed(1)} MiB (${file})` }
    : { name: 'mini model', status: 'missing', text: `no ${file}; make it with "anywhere train"` }
}
