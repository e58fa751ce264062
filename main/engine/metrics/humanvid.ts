// How the HumanVid line of papers (AnimateAnyone's descendants) computes its figures, where it differs from the metrics' own papers.
// Read in zhenzhiwang/HumanVid, metrics/. Published numbers are comparable with these variants only, and their names say `_humanvid`.
import { constant, matmul, transpose } from '../ir'
import type { Tensor } from '../ir'

/** Which of `count` frames are compared: every third of more than 72, and of those the first 24. */
export function humanVidFrames(count: number): number[] {
  const stride = count > 72 ? 3 : 1
  return Array.from({ length: Math.min(24, Math.ceil(count / stride)) }, (_, i) => i * stride)
}

/** Pixels per side to which its FID resizes frames before Inception's own resizing. */
const fidSide = 768

/** Pillow's bilinear resizing along one axis: a triangle as wide as a result's pixel, cut at the border. [to, from]. */
function triangles(from: number, to: number): Float32Array {
  const matrix = new Float32Array(to * from)
  const scale = from / to
  const width = Math.max(1, scale)
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale
    const first = Math.max(0, Math.trunc(centre - width + 0.5))
    const last = Math.min(from, Math.trunc(centre + width + 0.5))
    const weights = Array.from({ length: last - first }, (_, k) =>
      Math.max(0, 1 - Math.abs((first + k - centre + 0.5) / width)),
    )
    const sum = weights.reduce((a, b) => a + b, 0)
    weights.forEach((weight, k) => (matrix[i * from + first + k] = weight / sum))
  }
  return matrix
}

/** Pictures [N, 3, H, W] at 768 x 768, as `fid_humanvid` sees them (without Pillow's rounding to bytes). */
export function humanVidSquare(pictures: Tensor): Tensor {
  const [, , H, W] = pictures.shape as [number, number, number, number]
  const rows = constant(triangles(H, fidSide), [fidSide, H])
  const columns = transpose(constant(triangles(W, fidSide), [fidSide, W]), [1, 0])
  return matmul(rows, matmul(pictures, columns))
}
