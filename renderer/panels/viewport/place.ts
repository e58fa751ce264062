// The chosen place as a bitmap, decoded off the main thread and no larger than a screen needs. The last one is kept.
import { useEffect, useState } from 'react'
import { fileUrl } from '../../../main/api'
import type { Asset } from '../../../main/api'

/** Long side in pixels beyond which a place is made smaller for the screen. */
const longest = 2560

export interface Place {
  readonly id: string
  readonly bitmap: ImageBitmap
  /** Pixels of the picture itself; the bitmap may be smaller. */
  readonly width: number
  readonly height: number
}

let kept: Promise<Place> | undefined
let keptId: string | undefined

export function usePlace(asset: Asset | undefined): Place | undefined {
  const [place, setPlace] = useState<Place>()
  const id = asset?.id
  useEffect(() => {
    if (!id) return
    let wanted = true
    if (keptId !== id) {
      keptId = id
      kept = decode(id)
    }
    kept?.then(
      (found) => wanted && setPlace(found),
      () => {
        keptId = undefined
      },
    )
    return () => {
      wanted = false
    }
  }, [id])
  return place && place.id === id ? place : undefined
}

async function decode(id: string): Promise<Place> {
  const picture = await createImageBitmap(await (await fetch(fileUrl(id))).blob())
  const { width, height } = picture
  const scale = longest / Math.max(width, height)
  if (scale >= 1) return { id, bitmap: picture, width, height }
  const size = { resizeWidth: Math.round(width * scale), resizeHeight: Math.round(height * scale) }
  const bitmap = await createImageBitmap(picture, { ...size, resizeQuality: 'high' })
  picture.close()
  return { id, bitmap, width, height }
}
