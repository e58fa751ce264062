// Which cell plays: the one the pointer rests on, or the one reached with the keyboard. One listener for the whole wall, so that
// thousands of cells need none of their own.
import { useEffect, useState } from 'react'
import type { RefObject } from 'react'

/** Milliseconds: a pointer on its way elsewhere starts nothing. */
const rest = 120

/** The value of `attribute` ('data-spot') of the cell within `wall`; undefined when none plays. */
export function useHot(wall: RefObject<HTMLElement | null>, attribute: string): string | undefined {
  const [hot, setHot] = useState<string>()
  useEffect(() => {
    const element = wall.current
    if (!element) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let next: string | undefined
    const aim = (target: EventTarget | null): void => {
      const cell = target instanceof Element ? target.closest(`[${attribute}]`) : null
      const value = cell?.getAttribute(attribute) ?? undefined
      if (value === next) return
      next = value
      clearTimeout(timer)
      setHot(undefined)
      if (value !== undefined) timer = setTimeout(() => setHot(value), rest)
    }
    const listeners: Readonly<Record<string, (event: Event) => void>> = {
      pointerover: (event) => aim(event.target),
      pointerleave: () => aim(null),
      focusin: ({ target }) => target instanceof Element && target.matches(':focus-visible') && aim(target),
      focusout: () => aim(null),
      scroll: () => aim(null),
    }
    for (const [type, listener] of Object.entries(listeners))
      element.addEventListener(type, listener, { passive: true })
    return () => {
      clearTimeout(timer)
      for (const [type, listener] of Object.entries(listeners)) element.removeEventListener(type, listener)
    }
  }, [])
  return hot
}
