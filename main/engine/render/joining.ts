// Camera paths of neighbouring windows joined: what is cross-faded are the camera's steps, not its places. Places that drift apart and are
// faded over give a camera that hurries to where the next window has it; steps only go over from one speed to the other.
import { crossfade } from '../diffusion/windows'
import { follow } from '../geometry/similarity'

/**
 * @param whole [a, 4] (dx, dy, log zoom, roll) relative to the clip's frame 0
 * @param part  [b, 4] of the window whose first frame is the clip's frame `start` < a, relative to that frame
 * @returns [start + b, 4] relative to frame 0
 */
export function joinPaths(whole: Float32Array, part: Float32Array, start: number): Float32Array {
  const known = whole.length / 4
  const frames = start + part.length / 4
  const at = (path: Float32Array, t: number) => path.subarray(t * 4, t * 4 + 4)
  const joined = new Float32Array(frames * 4)
  joined.set(whole.subarray(0, (start + 1) * 4))
  for (let t = start; t < frames - 1; t++) {
    const next = step(at(part, t - start), at(part, t - start + 1))
    const share = crossfade(t, start, known - 1)
    const before = t + 1 < known ? step(at(whole, t), at(whole, t + 1)) : next
    const blended = next.map((v, k) => v * share + before[k]! * (1 - share))
    joined.set(follow(at(joined, t), blended), (t + 1) * 4)
  }
  return joined
}

/** The similarity that leads from one place of a path to the next: `next` is it seen through `from`. */
function step(from: Float32Array, next: Float32Array): [number, number, number, number] {
  const [x, y, z, r] = from as unknown as [number, number, number, number]
  const [dx, dy] = [next[0]! - x, next[1]! - y]
  const [c, s] = [Math.exp(-z) * Math.cos(r), Math.exp(-z) * Math.sin(r)]
  return [c * dx + s * dy, c * dy - s * dx, next[2]! - z, next[3]! - r]
}
