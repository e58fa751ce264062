// The devices that the engine can compute on, as people call them. Light: the studio uses it as well, without loading onnxruntime.
import { existsSync } from 'node:fs'
import os from 'node:os'

/** onnxruntime's execution providers that programs are lowered for, the fastest kind first; the processor is always there. */
export const providers = ['cuda', 'dml', 'coreml', 'webgpu', 'cpu'] as const
export type Provider = (typeof providers)[number]

/** 'CPU, 2 cores', 'GPU (WebGPU)'. */
export function deviceName(provider: Provider = 'cpu'): string {
  const cores = os.availableParallelism()
  const names: Readonly<Record<Provider, string>> = {
    cpu: `CPU, ${cores} ${cores === 1 ? 'core' : 'cores'}`,
    webgpu: 'GPU (WebGPU)',
    cuda: 'NVIDIA GPU (CUDA)',
    dml: 'GPU (DirectML)',
    coreml: 'Apple GPU and Neural Engine (CoreML)',
  }
  return names[provider]
}

const platforms: Readonly<Partial<Record<Provider, { readonly platform: NodeJS.Platform; readonly text: string }>>> = {
  cuda: {
    platform: 'linux',
    text: 'onnxruntime for Node has CUDA on Linux only; here DirectML or WebGPU takes its place',
  },
  dml: { platform: 'win32', text: 'DirectML is a part of Windows' },
  coreml: { platform: 'darwin', text: 'CoreML is a part of macOS' },
}

/** What of a graphics card a Linux process can see: drivers' files, or settings that name a driver. */
const cardsOfLinux = ['/dev/dri', '/dev/nvidia0', '/dev/nvidiactl', '/dev/dxg']
const drivers = ['VK_ICD_FILENAMES', 'VK_DRIVER_FILES']

/** Why a provider cannot work here, where that is known without trying: its platform, or no card. */
export function hopeless(provider: Provider): string | undefined {
  const home = platforms[provider]
  if (home && home.platform !== process.platform) return home.text
  if (process.platform !== 'linux' || provider === 'cpu') return undefined
  if (cardsOfLinux.some((file) => existsSync(file)) || drivers.some((name) => process.env[name])) return undefined
  return 'no graphics card is visible here (none of /dev/dri, /dev/nvidia0, /dev/dxg exists); in a container, pass it through'
}
