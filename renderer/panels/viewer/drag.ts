// Escape during a drag takes the drag back, and means nothing else just then.

/** Until the returned function is called, Escape calls `cancel` and goes no further: no dialog closes, nothing is unselected. */
export function onEscape(cancel: () => void): () => void {
  const key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    cancel()
  }
  // On the window and while capturing: before any dialog sees the key.
  addEventListener('keydown', key, true)
  return () => removeEventListener('keydown', key, true)
}
