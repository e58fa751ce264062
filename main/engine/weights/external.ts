// Reads a weight that lies in a file into memory, for the few that are changed before they are used, and for those that are trained.
import { closeSync, openSync, readSync } from 'node:fs'
import { UserError } from '../../media/errors'
import type { ExternalWeight } from '../backends/onnx'
import { bfloat16ToFloat32, float16ToFloat32 } from './float16'

/** The weight's values as float32. Throws UserError when the file is shorter than it was. */
export function readExternal({ path, offset, length, dtype = 'float32' }: ExternalWeight): Float32Array {
  const bytes = new Uint8Array(length)
  const descriptor = openSync(path, 'r')
  try {
    for (let done = 0; done < length;) {
      const count = readSync(descriptor, bytes, done, length - done, offset + done)
      if (count === 0) throw new UserError(`${path} became shorter while it was read`)
      done += count
    }
  } finally {
    closeSync(descriptor)
  }
  if (dtype === 'float32') return new Float32Array(bytes.buffer)
  if (dtype === 'bfloat16') return bfloat16ToFloat32(new Uint16Array(bytes.buffer))
  if (dtype === 'float16') return float16ToFloat32(new Uint16Array(bytes.buffer))
  throw new UserError(`${path}: a weight is ${dtype}; weights are float32, float16 or bfloat16`)
}
