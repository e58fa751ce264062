// `anywhere doctor`: what this machine has and lacks, each with the way out, for users and for those who help them.
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { probeProviders } from '../engine/backends/onnx'
import { miniModelFile } from '../engine/render/model'
import { reason } from '../media/errors'
import { findFfmpeg } from '../media/ffmpeg'
import { defineCommand } from './command'

interface Finding {
  readonly name: string
  /** 'missing' stops the studio from working, 'note' does not. */
  readonly status: 'ok' | 'note' | 'missing'
  readonly text: string
}

const GiB = 2 ** 30
const require = createRequire(import.meta.url)
const marks = { ok: 'ok     ', note: 'note   ', missing: 'MISSING' } as const

export const doctor = defineCommand({
  flags: {},
  examples: ['anywhere doctor', 'anywhere doctor --json'],
  async run(_, terminal) {
    const findings = [node(), packages(), await ffmpeg(), ...(await onnxruntime()), ...machine(), model()]
    for (const { name, status, text } of findings) terminal.say(`${marks[status]}  ${name.padEnd(12)}  ${text}`)
    const missing = findings.filter(({ status }) => status === 'missing').map(({ name }) => name)
    const verdict = missing.length === 0 ? 'everything needed is here' : `missing: ${missing.join(', ')}`
    terminal.result({ findings, missing }, verdict)
    if (missing.length > 0) process.exitCode = 1
  },
})

function node(): Finding {
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number]
  const recent = major > 20 || (major === 20 && minor >= 9)
  const text = `${process.versions.node} on ${process.platform} ${process.arch}`
  return {
    name: 'node',
    status: recent ? 'ok' : 'missing',
    text: recent ? text : `${text}; install Node 20.9 or newer`,
  }
}

function packages(): Finding {
  const { dependencies } = require('../../package.json') as { dependencies: Record<string, string> }
  const root = path.resolve(import.meta.dirname, '../..')
  const absent = Object.keys(dependencies).filter((name) => !fs.existsSync(path.join(root, 'node_modules', name)))
  return absent.length === 0
    ? { name: 'packages', status: 'ok', text: `${Object.keys(dependencies).length} npm packages installed` }
    : { name: 'packages', status: 'missing', text: `${absent.join(', ')}; run "npm ci"` }
}

async function ffmpeg(): Promise<Finding> {
  try {
    const { path: file, source, version } = await findFfmpeg()
    return { name: 'ffmpeg', status: 'ok', text: `${version} from ${source} (${file})` }
  } catch (error) {
    return { name: 'ffmpeg', status: 'missing', text: reason(error) }
  }
}

async function onnxruntime(): Promise<Finding[]> {
  try {
    const { version } = require('onnxruntime-node/package.json') as { version: string }
    const providers = Object.entries(await probeProviders())
    const working = providers.filter(([, { available }]) => available).map(([name]) => name)
    const others = providers
      .filter(([, { available }]) => !available)
      .map(([name, status]): Finding => {
        // onnxruntime puts its own source line in front of the reason.
        const why = (status.reason ?? 'unknown reason').split(' was false. ').at(-1)!
        return { name, status: 'note', text: `not used: ${why}` }
      })
    const text = `${version}, runs on: ${working.join(', ')}`
    return [{ name: 'onnxruntime', status: working.includes('cpu') ? 'ok' : 'missing', text }, ...others]
  } catch (error) {
    return [{ name: 'onnxruntime', status: 'missing', text: `${reason(error)}; run "npm ci"` }]
  }
}

function machine(): Finding[] {
  const folder = process.cwd()
  const { bavail, bsize } = fs.statfsSync(folder)
  const free = (bavail * bsize) / GiB
  const memory = os.totalmem() / GiB
  const model = os.cpus()[0]?.model.trim() ?? 'unknown kind'
  return [
    { name: 'cores', status: 'ok', text: `${os.availableParallelism()} (${model})` },
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
  const stat = fs.statSync(miniModelFile, { throwIfNoEntry: false })
  return stat
    ? { name: 'mini model', status: 'ok', text: `${(stat.size / 2 ** 20).toFixed(1)} MiB (${miniModelFile})` }
    : { name: 'mini model', status: 'missing', text: `no ${miniModelFile}; make it with "anywhere train"` }
}
