// PyTorch as the judge of our networks, where a machine has it: Debian's python3-torch with libopenblas0-pthread, or any Python named by
// ANYWHERE_TORCH_PYTHON. Development only; tests that need it skip by name where there is none.
import { execFileSync } from 'node:child_process'

/** A Python that imports torch and numpy, or undefined. */
export function torchPython(): string | undefined {
  return [process.env.ANYWHERE_TORCH_PYTHON ?? '/usr/bin/python3'].find((python) => {
    try {
      execFileSync(python, ['-c', 'import torch, numpy'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })
}
