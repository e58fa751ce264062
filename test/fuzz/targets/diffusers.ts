// Model folders as diffusers writes them: in a whole one, one of its small files is spoilt at a time.
import fs from 'node:fs'
import path from 'node:path'
import { openDiffusersFolder } from '../../../main/engine/weights/diffusers-folder'
import { writeDiffusersFolder } from '../../support/diffusers-folder'
import { joined, spoilBytes } from '../bytes'
import { spoilJson } from '../json'
import { scratch } from '../scratch'
import type { Target } from '../target'
import { insist, textOf, utf8 } from '../target'

const files = [
  'model_index.json',
  'scheduler/scheduler_config.json',
  'transformer/config.json',
  'transformer/diffusion_pytorch_model.safetensors.index.json',
  'vae/config.json',
  'text_encoder/config.json',
  'text_encoder/model.safetensors.index.json',
  'tokenizer/spiece.model',
]
let whole: { folder: string; contents: Uint8Array[] } | undefined

function wholeFolder(): { folder: string; contents: Uint8Array[] } {
  if (whole) return whole
  const folder = path.join(scratch(), 'model')
  writeDiffusersFolder(folder, { layers: 1, heads: 1 })
  return (whole = { folder, contents: files.map((file) => new Uint8Array(fs.readFileSync(path.join(folder, file)))) })
}

/** An input is the number of the file and its new content. */
export const diffusers: Target = {
  name: 'diffusers folder',
  extension: 'bin',
  share: 0.1,
  make: (dice) => {
    const which = dice.below(files.length)
    const content = wholeFolder().contents[which]!
    const json = files[which]!.endsWith('.json') && dice.chance(0.85)
    return joined(
      Uint8Array.of(which),
      json ? utf8(spoilJson(JSON.parse(textOf(content)), dice)) : spoilBytes(content, dice),
    )
  },
  parse(input) {
    const { folder, contents } = wholeFolder()
    const which = input[0]!
    const file = path.join(folder, files[which]!)
    fs.writeFileSync(file, input.subarray(1))
    try {
      const { transformer, vae, bytes, hash } = openDiffusersFolder(folder)
      insist(/^[0-9a-f]{64}$/.test(hash) && Number.isSafeInteger(bytes), 'a hash and a size')
      for (const { path: place, offset, length } of [
        ...Object.values(transformer.weights),
        ...Object.values(vae.weights),
      ])
        insist(offset + length <= fs.statSync(place).size, 'weights lie in their files')
    } finally {
      fs.writeFileSync(file, contents[which]!)
    }
  },
}
