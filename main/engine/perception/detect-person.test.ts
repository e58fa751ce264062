// The whole way from a picture to a person, on real pictures.
import { describe, expect, it } from 'vitest'
import { sharedPath } from '../../../test/shared'
import { type Picture, readPicture, resizePicture } from '../../media'
import { BODY, type BodyPoint } from '../../motion/types'
import { detectPerson } from './detect-person'

const human = (name: string): string | undefined => sharedPath(`data/humans/${name}`)
const [jacket, waterfall, barbell] = [
  human('man_red_jacket_plain.png'),
  human('man_waterfall.jpg'),
  human('man_barbell_street_hires.jpg'),
]

/** Rows of `picture` from the top down to `height`. */
const cutOff = (picture: Picture, height: number): Picture => ({
  ...picture,
  height,
  data: picture.data.subarray(0, height * picture.width * picture.channels),
})

const share = (mask: Float32Array): number => mask.reduce((sum, value) => sum + value, 0) / mask.length

/** An empty picture: a slow gradient. */
function blank(width: number, height: number): Picture {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (Math.floor(i / 3) % width) / 4)
  return { width, height, channels: 3, data }
}

describe('detectPerson', { timeout: 300_000 }, () => {
  it('says that there is nobody, and what to do', async () => {
    await expect(detectPerson(blank(400, 300), { model: 'lite' })).rejects.toThrow(
      /no person found in the picture; choose another picture/,
    )
  })

  it.skipIf(!jacket)('finds joints and outline of a standing man', async () => {
    const picture = await readPicture(jacket!)
    const { keypoints, mask, people, worldLandmarks } = await detectPerson(picture)
    expect(people).toBe(1)
    const at = (point: BodyPoint) => Array.from(keypoints.body.subarray(BODY[point] * 3, BODY[point] * 3 + 2))
    const near = (point: BodyPoint, x: number, y: number) =>
      expect(Math.hypot(at(point)[0]! - x, at(point)[1]! - y), point).toBeLessThan(15)
    near('nose', 301, 100)
    near('leftKnee', 362, 662) // his left is to the right of the picture
    near('rightKnee', 251, 662)
    near('leftWrist', 408, 464)
    near('rightAnkle', 262, 832)
    const mine = (x: number, y: number) => mask[y * picture.width + x]!
    for (const [x, y] of [
      [300, 60],
      [300, 300],
      [250, 600],
      [365, 700],
      [220, 400],
    ] as const)
      expect(mine(x, y), `${x},${y}`).toBe(1)
    for (const [x, y] of [
      [300, 720],
      [120, 300],
      [500, 500],
      [300, 10],
    ] as const)
      expect(mine(x, y), `${x},${y}`).toBe(0)
    const soft = mask.filter((value) => value > 0.05 && value < 0.95).length / mask.length
    expect(soft).toBeLessThan(0.02) // an outline, not a haze
    expect(worldLandmarks).toHaveLength(99)
    expect(Math.abs(worldLandmarks[11 * 3]! - worldLandmarks[12 * 3]!)).toBeGreaterThan(0.25) // shoulders in metres
  })

  it.skipIf(!jacket)('knows that a man cut at the thighs has no ankles in the picture', async () => {
    const { keypoints } = await detectPerson(cutOff(await readPicture(jacket!), 600), { model: 'full' })
    expect(keypoints.body[BODY.leftAnkle * 3 + 2]).toBe(0)
    expect(keypoints.body[BODY.leftAnkle * 3 + 1]).toBeGreaterThan(600)
    expect(keypoints.body[BODY.leftHip * 3 + 2]).toBeGreaterThan(0.5)
  })

  it.skipIf(!barbell)('finds a man from behind in 24 megapixels; his face is turned away', async () => {
    const { keypoints, mask } = await detectPerson(await readPicture(barbell!))
    expect(keypoints.body[BODY.nose * 3 + 2]).toBe(0)
    expect(keypoints.body[BODY.leftEar * 3 + 2]).toBeGreaterThan(0.5)
    expect(keypoints.body[BODY.leftShoulder * 3]!).toBeLessThan(keypoints.body[BODY.rightShoulder * 3]!)
    expect(share(mask)).toBeGreaterThan(0.05)
    expect(share(mask)).toBeLessThan(0.12)
  })

  it.skipIf(!waterfall || !jacket)('takes the larger of two people, far off the middle, and counts both', async () => {
    const small = await resizePicture(await readPicture(waterfall!), 256, 448)
    const large = await readPicture(jacket!)
    const scene = blank(1600, 1000)
    paste(scene, large, 900, 60)
    paste(scene, small, 40, 500)
    const { keypoints, people } = await detectPerson(scene, { model: 'lite' })
    expect(people).toBe(2)
    expect(keypoints.body[BODY.nose * 3]).toBeGreaterThan(900)
  })

  it.skipIf(!jacket)('looks where given key points say, and returns them', async () => {
    const picture = await readPicture(jacket!)
    const { keypoints } = await detectPerson(picture, { model: 'lite' })
    const again = await detectPerson(picture, { model: 'lite', keypoints })
    expect(again.keypoints).toBe(keypoints)
    expect(share(again.mask)).toBeGreaterThan(0.2)
  })

  const scenery = ['building_facade.jpg', 'meadow_mountain.jpg', 'room_portrait.jpg', 'staircase_hall.jpg'].map(
    (name) => [name, sharedPath(`data/backgrounds/${name}`)] as const,
  )
  it.skipIf(!scenery[0]![1]).each(scenery)('sees nobody in %s', async (_, path) => {
    await expect(detectPerson(await readPicture(path!))).rejects.toThrow(/no person/)
  })
})

function paste(scene: Picture, picture: Picture, left: number, top: number): void {
  for (let y = 0; y < Math.min(picture.height, scene.height - top); y++) {
    for (let x = 0; x < picture.width; x++) {
      for (let c = 0; c < 3; c++)
        scene.data[((top + y) * scene.width + left + x) * 3 + c] =
          picture.data[(y * picture.width + x) * picture.channels + c]!
    }
  }
}
