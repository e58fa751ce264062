// `npm run setup:cuda`: fetches the files with which onnxruntime uses CUDA, by its package's own script. They are too large for npm and lie
// on nuget.org; nothing else needs them, so that this is a step of its own. Linux on x64 only: there is no CUDA for Node elsewhere.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const say = (line) => console.log(`setup:cuda: ${line}`)
const stop = (line) => {
  console.error(`setup:cuda: error: ${line}`)
  process.exit(1)
}

if (process.platform !== 'linux' || process.arch !== 'x64')
  stop(
    `onnxruntime has CUDA for Node on Linux x64 only, this is ${process.platform} ${process.arch}; WebGPU is built in`,
  )
const entry = createRequire(import.meta.url).resolve('onnxruntime-node') // its dist/index.js
const folder = path.resolve(entry, '../..')
const provider = path.join(folder, 'bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so')
if (existsSync(provider)) {
  say('the files are here already')
} else {
  say('fetching several hundred megabytes from nuget.org...')
  const words = [path.join(folder, 'script/install.js'), '--onnxruntime-node-install=cuda12']
  const { status } = spawnSync(process.execPath, words, { cwd: folder, stdio: 'inherit', timeout: 1_800_000 })
  if (status !== 0 || !existsSync(provider))
    stop('the files could not be fetched (above); is https://api.nuget.org reachable? All else works without them')
  say('fetched')
}
say('CUDA 12 and cuDNN 9 must be installed, too; "npm run anywhere -- doctor" tells whether the card can be used')
