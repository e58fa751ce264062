// The published CogVideoX1.5-5B-I2V at its full size, 21.5 GB, in some hundred kilobytes of disk: real headers and configs, and files that
// are holes where the weights would be. Every value is zero.
import fs from 'node:fs'
import path from 'node:path'
import { parseTransformerConfig, parseVaeConfig, transformerSpecs, vaeSpecs } from '../../main/engine/models/cogvideox'
import { parseT5Config, t5Specs } from '../../main/engine/models/t5'
import { writeDiffusersFolder } from './diffusers-folder'

type Specs = ReadonlyMap<string, { readonly shape: readonly number[] }>

/** Whether files with holes take no room here; NTFS would fill them. */
export const holesAreFree = process.platform !== 'win32'

export function writePublishedFolder(dir: string): void {
  writeDiffusersFolder(dir)
  const config = (part: string, published: object): unknown => {
    const file = path.join(dir, part, 'config.json')
    const json: unknown = { ...(JSON.parse(fs.readFileSync(file, 'utf8')) as object), ...published }
    fs.writeFileSync(file, JSON.stringify(json))
    return json
  }
  const transformer = config('transformer', {
    ...{ num_attention_heads: 48, attention_head_dim: 64 },
    ...{ time_embed_dim: 512, ofs_embed_dim: 512, text_embed_dim: 4096 },
  })
  const vae = config('vae', { block_out_channels: [128, 256, 256, 512], norm_num_groups: 32 })
  const text = config('text_encoder', {
    ...{ d_model: 4096, d_kv: 64, num_heads: 64, d_ff: 10240, num_layers: 24, vocab_size: 32128 },
  })
  const stem = 'diffusion_pytorch_model'
  write(path.join(dir, 'transformer'), stem, 3, transformerSpecs(parseTransformerConfig(transformer, 'published')), 2)
  write(path.join(dir, 'vae'), stem, 1, vaeSpecs(parseVaeConfig(vae, 'published')), 4)
  write(path.join(dir, 'text_encoder'), 'model', 4, t5Specs(parseT5Config(text, 'published')), 2)
}

function write(folder: string, stem: string, count: number, specs: Specs, width: 2 | 4): void {
  for (const name of fs.readdirSync(folder)) if (name.includes('safetensors')) fs.rmSync(path.join(folder, name))
  const names = [...specs.keys()]
  const weight_map: Record<string, string> = {}
  let total_size = 0
  for (let n = 0; n < count; n++) {
    const file = count === 1 ? `${stem}.safetensors` : `${stem}-0000${n + 1}-of-0000${count}.safetensors`
    const header: Record<string, object> = {}
    let end = 0
    for (const name of names.slice((names.length * n) / count, (names.length * (n + 1)) / count)) {
      const { shape } = specs.get(name)!
      const start = end
      end += shape.reduce((a, b) => a * b, width)
      header[name] = { dtype: width === 2 ? 'BF16' : 'F32', shape, data_offsets: [start, end] }
      weight_map[name] = file
    }
    const json = Buffer.from(JSON.stringify(header))
    const prefix = Buffer.alloc(8)
    prefix.writeBigUInt64LE(BigInt(json.length))
    fs.writeFileSync(path.join(folder, file), Buffer.concat([prefix, json]))
    fs.truncateSync(path.join(folder, file), prefix.length + json.length + end)
    total_size += end
  }
  const index = JSON.stringify({ metadata: { total_size }, weight_map })
  if (count > 1) fs.writeFileSync(path.join(folder, `${stem}.safetensors.index.json`), index)
}
