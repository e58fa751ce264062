// The focus is never lost: when the focused cell goes (its clip deleted, its row taken away, a menu about it closed), the cell
// that is the wall's stop of the Tab key gets it.
import { useEffect, useLayoutEffect, useRef } from 'react'
import type { RefObject } from 'react'

/** Milliseconds after which a menu that was open has given the focus back, or has failed to. */
const afterMenu = 80

/** `content`: what the wall shows; a new one is looked at for a lost focus. */
export function useKeptFocus(wall: RefObject<HTMLElement | null>, content: unknown): void {
  const had = useRef(false)
  useEffect(() => {
    const element = wall.current
    if (!element) return
    const end = new AbortController()
    element.addEventListener('focusin', () => (had.current = true), { signal: end.signal })
    element.addEventListener(
      'focusout',
      ({ relatedTarget: to }) => {
        if (to instanceof Element && !element.contains(to) && !to.closest('[role=menu]')) had.current = false
      },
      { signal: end.signal },
    )
    element.addEventListener('contextmenu', () => (had.current = true), { signal: end.signal })
    return () => end.abort()
  }, [])
  useLayoutEffect(() => {
    const look = (): void => {
      if (!had.current || (document.activeElement && document.activeElement !== document.body)) return
      wall.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true })
    }
    look()
    const timer = setTimeout(look, afterMenu)
    return () => clearTimeout(timer)
  }, [content])
}
