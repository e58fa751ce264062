// Inputs, constants, and the two operations that only bookkeep.
import { defineOp } from '../record'
import type { DType, HostTensor, Shape } from '../types'

const leaf = (): never => {
  throw new Error('inputs and constants are made by input() and constant()')
}

defineOp({
  name: 'input',
  shape: leaf,
  gradient: 'none',
  lower: (_emitter, out) => out.name!,
  samples: 'in every check',
})

defineOp({
  name: 'constant',
  shape: leaf,
  gradient: 'none',
  lower: (emitter, out) => emitter.constant(out.attrs.host as HostTensor),
  samples: 'in every check',
})

defineOp({
  name: 'stopGradient',
  shape: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  gradient: 'none',
  lower: (emitter, out) => emitter.value(out.inputs[0]!),
  samples: [{ inputs: [{ shape: [2, 3] }] }],
})

defineOp({
  name: 'saved',
  shape: (_inputs, attrs) => ({ shape: attrs.shape as Shape, dtype: attrs.dtype as DType }),
  gradient: () => {
    throw new Error(
      'saved: values kept for the gradient have no gradient themselves (second derivatives are not supported)',
    )
  },
  lower: (emitter, out) => emitter.value(out.inputs[0]!, out.attrs.index as number),
  samples: 'in every check',
})
