// The composing half of a render: one frame at a time, at the output's own size, the pictures' real pixels are put where the
// network said. Only this half knows the output's resolution and frame rate.
import { compile } from '../backends/onnx'
import { add, cast, clamp, hostTensor, input, mul, program, reshape, sub, transpose } from '../ir'
import type { HostTensor, Tensor } from '../ir'
import {
  backgroundFlow,
  candidates,
  compose,
  contactSpots,
  pickFrames,
  puppet,
  puppetFeeds,
  puppetInputs,
  shadeContacts,
  spotsInput,
  warpBackground,
} from '../models/animate-anywhere'
import type { ReferenceHuman, View } from '../models/animate-anywhere'
import type { PoseSequence } from '../../motion/types'
import type { Thoughts } from './thinking'

/** One composed frame. */
export interface ComposedFrame {
  /** RGB bytes [H, W, 3] */
  readonly picture: Uint8Array
  /** [H, W] share of the person in each pixel, 0..255. */
  readonly person: Uint8Array
}

export interface Composer {
  /** Output frame t, for which the thoughts at `time` (in frames of the model's rate) hold. */
  frame(t: number, time: number): Promise<ComposedFrame>
  dispose(): Promise<void>
}

export interface Ground {
  /** [3, h, w] in [-1, 1] */
  readonly picture: Float32Array
  readonly width: number
  readonly height: number
  /** What the first frame shows of it. */
  readonly view: View
}

/** Prepares composing an output of the size and rate of `poses`, which the person goes through. */
export async function openComposer(
  thoughts: Thoughts,
  human: ReferenceHuman,
  poses: PoseSequence,
  ground: Ground,
): Promise<Composer> {
  const { width, height } = poses
  const one = (name: string, like: HostTensor) => input(name, [1, 1, ...like.shape.slice(1)])
  const path = one('path', thoughts.path)
  const nearness = input('nearness', thoughts.nearness.shape)
  const background = warpBackground(
    input('background', [1, 3, ground.height, ground.width]),
    backgroundFlow(path, nearness, width, height, height, width),
    ground.view,
  )
  const from = candidates(puppetInputs(1, human.height, human.width), width, height)
  const made = compose(puppet(from), shadeContacts(spotsInput(), background), one('gain', thoughts.gain))
  const bytes = (x: Tensor) => cast(clamp(x, 0, 255), 'uint8')
  const frame = transpose(reshape(made.frames, [3, height, width]), [1, 2, 0])
  const picture = bytes(add(mul(frame, 127.5), 128))
  const share = bytes(sub(255.5, mul(reshape(made.ground, [height, width]), 255)))
  const executable = await compile(program('compose', { picture, share }))
  const person = puppetFeeds(human, poses.frames)
  const spots = contactSpots(poses)
  const place = hostTensor(ground.picture, [1, 3, ground.height, ground.width])
  return {
    frame: async (t, time) => {
      const result = await executable.run({
        ...pickFrames(person, [t]),
        nearness: thoughts.nearness,
        spots: at(spots, t),
        gain: at(thoughts.gain, time),
        path: at(thoughts.path, time),
        background: place,
      })
      return { picture: result.picture!.data as Uint8Array, person: result.share!.data as Uint8Array }
    },
    dispose: () => executable.dispose(),
  }
}

/** [T, ...] at a time between two of its frames, linearly: [1, 1, ...]. */
function at(tensor: HostTensor, time: number): HostTensor {
  const [T, ...rest] = tensor.shape as [number, ...number[]]
  const size = rest.reduce((a, b) => a * b, 1)
  const first = Math.min(Math.max(Math.floor(time), 0), T - 1)
  const second = Math.min(first + 1, T - 1)
  const share = Math.min(Math.max(time - first, 0), 1)
  const data = tensor.data as Float32Array
  const out = new Float32Array(size)
  for (let i = 0; i < size; i++) out[i] = data[first * size + i]! * (1 - share) + data[second * size + i]! * share
  return hostTensor(out, [1, 1, ...rest])
}
