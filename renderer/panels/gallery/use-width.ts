// The width of an element's inside, followed as panes are resized.
import { useLayoutEffect, useState } from 'react'
import type { RefObject } from 'react'

/** CSS pixels; a usual window's until the element is there. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(1100)
  useLayoutEffect(() => {
    const target = element.current
    if (!target) return
    const observer = new ResizeObserver(() => setWidth(target.clientWidth))
    setWidth(target.clientWidth)
    observer.observe(target)
    return () => observer.disconnect()
  }, [])
  return width
}
