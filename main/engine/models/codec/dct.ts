// The mini model's codec: a fixed, orthonormal 8x8 DCT in YCbCr that keeps the low frequencies. It stands where CogVideoX has its
// VAE, needs no training, and loses what the eye hardly sees. One token of patch size 2 is 16 x 16 pixels.
import { constant, matmul, reshape, transpose } from '../../ir'
import type { Tensor } from '../../ir'

/** Pixels per side of one latent cell. */
export const dctCell = 8
/** Kept coefficients of Y, Cb and Cr, lowest frequencies first. */
const kept = [20, 6, 6] as const
/** Channels of the latent: 20 + 6 + 6. */
export const dctChannels = kept[0] + kept[1] + kept[2]

/** Orthonormal RGB -> luma and two colour differences (the YCbCr directions, made orthogonal so that squared error is kept). */
const colourRows = [
  [1, 1, 1].map((v) => v / Math.sqrt(3)),
  [-1, -1, 2].map((v) => v / Math.sqrt(6)),
  [1, -1, 0].map((v) => v / Math.sqrt(2)),
]

/** The (u, v) frequencies in order of u^2 + v^2, ties by u. */
const order = Array.from({ length: 64 }, (_, i) => [Math.floor(i / 8), i % 8] as const).sort(
  (a, b) => a[0] ** 2 + a[1] ** 2 - b[0] ** 2 - b[1] ** 2 || a[0] - b[0],
)

const basis = (frequency: number, position: number) =>
  (frequency === 0 ? Math.sqrt(1 / 8) : Math.sqrt(2 / 8)) * Math.cos((Math.PI * (2 * position + 1) * frequency) / 16)

/** Typical size of a coefficient of pictures in [-1, 1]: falls with the square of the frequency, colour at a third of the luma. */
const typical = (plane: number, u: number, v: number) =>
  ((plane === 0 ? 6 : 2) * 0.55) / (1 + 0.9 * (u * u + v * v)) ** 0.55

/** [192, 32]: pixels of one cell (channel, row, column) to latent channels; orthonormal columns divided by their typical size. */
function encodeMatrix(): { forward: Float32Array; inverse: Float32Array } {
  const forward = new Float32Array(192 * dctChannels)
  const inverse = new Float32Array(dctChannels * 192)
  let channel = 0
  kept.forEach((count, plane) => {
    for (const [u, v] of order.slice(0, count)) {
      const size = typical(plane, u, v)
      for (let c = 0; c < 3; c++)
        for (let y = 0; y < 8; y++)
          for (let x = 0; x < 8; x++) {
            const value = colourRows[plane]![c]! * basis(u, y) * basis(v, x)
            forward[((c * 8 + y) * 8 + x) * dctChannels + channel] = value / size
            inverse[channel * 192 + (c * 8 + y) * 8 + x] = value * size
          }
      channel++
    }
  })
  return { forward, inverse }
}
const matrices = encodeMatrix()

/**
 * Pictures to latents: [B, F, 3, H, W] in [-1, 1] -> [B, F, 32, H/8, W/8] (frames before channels, as in CogVideoX).
 * H and W are multiples of 8.
 */
export function dctEncode(pixels: Tensor): Tensor {
  const [B, F, C, H, W] = pixels.shape as [number, number, number, number, number]
  if (C !== 3 || H % 8 || W % 8) throw new Error(`dctEncode: [${pixels.shape.join(',')}] is not [B, F, 3, 8h, 8w]`)
  const cells = transpose(reshape(pixels, [B * F, 3, H / 8, 8, W / 8, 8]), [0, 2, 4, 1, 3, 5])
  const latents = matmul(
    reshape(cells, [B * F * (H / 8) * (W / 8), 192]),
    constant(matrices.forward, [192, dctChannels]),
  )
  return reshape(transpose(reshape(latents, [B * F, H / 8, W / 8, dctChannels]), [0, 3, 1, 2]), [
    B,
    F,
    dctChannels,
    H / 8,
    W / 8,
  ])
}

/** Latents to pictures: [B, F, 32, h, w] -> [B, F, 3, 8h, 8w]. The inverse of `dctEncode` on what the codec can hold. */
export function dctDecode(latents: Tensor): Tensor {
  const [B, F, C, h, w] = latents.shape as [number, number, number, number, number]
  if (C !== dctChannels)
    throw new Error(`dctDecode: [${latents.shape.join(',')}] has ${C} channels, the codec ${dctChannels}`)
  const rows = reshape(transpose(reshape(latents, [B * F, C, h, w]), [0, 2, 3, 1]), [B * F * h * w, C])
  const cells = reshape(matmul(rows, constant(matrices.inverse, [dctChannels, 192])), [B * F, h, w, 3, 8, 8])
  return reshape(transpose(cells, [0, 3, 1, 4, 2, 5]), [B, F, 3, h * 8, w * 8])
}
