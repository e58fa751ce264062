import { Vector3 } from 'three'
import { describe, expect, it } from 'vitest'
import { intrinsics, lookAt } from '../../motion/camera'
import { Random } from '../nn/random'
import { brightness } from './develop'
import { bakeFloorLight } from './floor-light'
import type { Place } from './place'
import { createCanvas, drawPlace } from './place-image'
import { makePlace } from './place-kinds'

describe('a place', () => {
  const staging = { eyes: [new Vector3(0, 1.5, 4)], subjects: [new Vector3()], yaw: Math.PI }
  const places = Array.from({ length: 120 }, (_, i) => makePlace(new Random(`place ${i}`), staging))

  it('is indoors and outdoors, by day and by night', () => {
    const share = (wanted: (place: Place) => boolean) => places.filter(wanted).length / places.length
    expect(share(({ room }) => room !== undefined)).toBeGreaterThan(0.25)
    expect(share(({ room }) => room === undefined)).toBeGreaterThan(0.4)
    expect(share(({ night }) => night)).toBeGreaterThan(0.2)
    expect(share(({ night }) => night)).toBeLessThan(0.45)
  })

  it('is darker by night, though lamps shine', () => {
    const camera = {
      K: intrinsics(100, 96, 64),
      w2c: lookAt(new Vector3(0, 1.5, 4), new Vector3(0, 1, 0)),
      width: 96,
      height: 64,
    }
    const canvas = createCanvas(96, 64)
    const light = (night: boolean) => {
      const seen = places.filter((place) => !place.room && place.night === night).slice(0, 8)
      const means = seen.map((place) => {
        drawPlace(place, bakeFloorLight(place, 0, 0, 14), camera, canvas)
        return brightness(canvas)
      })
      return means.reduce((sum, mean) => sum + mean) / means.length
    }
    expect(light(true)).toBeLessThan(0.6 * light(false))
  })
})
