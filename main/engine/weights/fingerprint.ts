// What identifies a model of many gigabytes without reading them: every tensor's name, type and size, and a sample of its values. A
// model trained on differs everywhere, so that a sample of each tensor tells it; how it is cut into shards makes no difference.
import { closeSync, openSync, readSync } from 'node:fs'
import type { Hash } from 'node:crypto'
import { UserError } from '../../media/errors'
import type { ExternalWeight } from '../backends/onnx'
import type { DType } from '../ir'

/** Bytes from the middle of each tensor; norms and biases of the published widths are covered whole. */
const sampleBytes = 8192

/** Adds the weights to `hash`, in the order of their names. Throws UserError when a sample holds NaN or infinity, or a file has shrunk. */
export function fingerprint(hash: Hash, weights: Readonly<Record<string, ExternalWeight>>): void {
  const open = new Map<string, number>()
  try {
    for (const name of Object.keys(weights).sort()) {
      const { path, offset, length, dtype = 'float32' } = weights[name]!
      const descriptor = open.get(path) ?? openSync(path, 'r')
      open.set(path, descriptor)
      const bytes = new Uint8Array(Math.min(length, sampleBytes))
      const start = offset + 4 * Math.floor((length - bytes.length) / 8)
      if (readSync(descriptor, bytes, 0, bytes.length, start) !== bytes.length)
        throw new UserError(`"${path}" became shorter while it was read; download it again`)
      if (hasNonFinite(bytes, dtype))
        throw new UserError(
          `the tensor "${name}" in "${path}" holds NaN or infinity: the download or the training that made it went wrong; get the file again`,
        )
      hash.update(JSON.stringify([name, dtype, length])).update(bytes)
    }
  } finally {
    for (const descriptor of open.values()) closeSync(descriptor)
  }
}

/** All bits of the exponent set. */
const exponents: Readonly<Partial<Record<DType, number>>> = {
  float32: 0x7f800000,
  float16: 0x7c00,
  bfloat16: 0x7f80,
}

function hasNonFinite(bytes: Uint8Array, dtype: DType): boolean {
  const exponent = exponents[dtype]
  if (exponent === undefined) return false
  const bits = dtype === 'float32' ? new Uint32Array(bytes.buffer) : new Uint16Array(bytes.buffer)
  return bits.some((value) => (value & exponent) === exponent)
}
