// A picture continued beyond its edges, for a camera that looks past them: patches of the picture are chosen so that they agree with each
// other and with the border (Wexler et al. 2007), found by PatchMatch (Barnes et al. 2009) on a small copy from coarse to fine; then the
// picture's own pixels are put where the small copy says. A patch comes from about its own height in the picture (sky stays sky and ground
// stays ground), and is dearer the more places have it already. Always the same result for the same picture.
import { resizePicture } from '../../media/pictures'
import type { Picture } from '../../media/pictures'
import { Level, radius } from './outpaint-patches'
import { assemble } from './outpaint-pixels'
import type { Margins } from './outpaint-pixels'

/** Long side, in pixels, of the continued picture on the finest level on which patches are sought. */
const searchedSide = 320
/** Search and vote this often on each level, from the finest on. */
const rounds = [2, 3, 4, 6]

/** `picture` (RGB) with margins around it. About half a second of one core for a picture of 960 x 640 pixels. */
export async function outpaint(picture: Picture, margins: Margins): Promise<Picture> {
  const { left, right, top, bottom } = margins
  if (left + right + top + bottom === 0) return picture
  const whole = { width: picture.width + left + right, height: picture.height + top + bottom }
  const factor = Math.max(1, Math.max(whole.width, whole.height) / searchedSide)
  let found: Level | undefined
  const sizes = levelScales(picture, factor)
  for (const [i, scale] of sizes.entries()) {
    const level = await levelOf(picture, margins, scale)
    if (found) level.takeOver(found)
    else level.grow()
    for (let round = 0; round < rounds[sizes.length - 1 - i]!; round++) level.improve()
    found = level
  }
  return assemble(picture, margins, found!)
}

/** Pixels of the picture per pixel of each level, coarsest first. */
function levelScales({ width, height }: Picture, finest: number): number[] {
  const scales = [finest]
  while (scales.length < rounds.length && Math.min(width, height) / (scales[0]! * 2) >= 4 * radius + 4)
    scales.unshift(scales[0]! * 2)
  return scales
}

async function levelOf(picture: Picture, { left, right, top, bottom }: Margins, scale: number): Promise<Level> {
  const size = (pixels: number) => Math.max(2 * radius + 2, Math.round(pixels / scale))
  const small = await resizePicture(picture, size(picture.width), size(picture.height))
  const [x, y] = [Math.ceil(left / scale), Math.ceil(top / scale)]
  return new Level(
    small,
    x,
    y,
    small.width + x + Math.ceil(right / scale),
    small.height + y + Math.ceil(bottom / scale),
  )
}
