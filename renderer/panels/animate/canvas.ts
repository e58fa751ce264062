// A canvas that keeps the size of its box at the display's own pixels.
import { useEffect, useState } from 'react'
import type { RefObject } from 'react'

export interface Box {
  /** CSS pixels. */
  readonly width: number
  readonly height: number
  /** Display pixels per CSS pixel. */
  readonly ratio: number
}

/** The element's size, followed; undefined until it is known or while it is hidden. */
export function useBox(element: RefObject<HTMLElement | null>): Box | undefined {
  const [box, setBox] = useState<Box>()
  useEffect(() => {
    const watched = element.current
    if (!watched) return
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry.contentRect
      setBox(width > 0 && height > 0 ? { width, height, ratio: window.devicePixelRatio } : undefined)
    })
    observer.observe(watched)
    return () => observer.disconnect()
  }, [element])
  return box
}

/** Clears the canvas at the box's size and gives a context in CSS pixels. */
export function cleared(canvas: HTMLCanvasElement, box: Box): CanvasRenderingContext2D {
  const width = Math.max(1, Math.round(box.width * box.ratio))
  const height = Math.max(1, Math.round(box.height * box.ratio))
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  // Drawn by the processor: a few strokes cost it a millisecond, and the graphics card may be rendering a clip, or be none.
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, width, height)
  context.scale(width / box.width, height / box.height)
  return context
}
