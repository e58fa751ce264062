// The window's one listener for keys, and the native menu's commands.
import { run } from './commands'
import { commandOf, keepsKey } from './keys'
import type { Focus } from './keys'
import type { CommandId } from '../../main/api'
import { pointerPressed } from './stores/project'
import { usePrompt } from './stores/prompt'
import { useUi } from './stores/ui'

const mac = /mac/i.test(navigator.platform)
let lastInput: 'pointer' | 'keyboard' = 'keyboard'
let focusedBy: 'pointer' | 'keyboard' = 'keyboard'

/** Listens from now on; returns the function that ends it. */
export function listenToKeys(): () => void {
  const end = new AbortController()
  const capture = { capture: true, signal: end.signal }
  addEventListener(
    'pointerdown',
    () => {
      lastInput = 'pointer'
      // The focus may be there already: then nothing else will tell.
      focusedBy = 'pointer'
      pointerPressed(true)
    },
    capture,
  )
  addEventListener('pointerup', () => pointerPressed(false), capture)
  addEventListener('pointercancel', () => pointerPressed(false), capture)
  addEventListener('keydown', () => (lastInput = 'keyboard'), capture)
  addEventListener('focusin', () => (focusedBy = lastInput), capture)
  addEventListener('keydown', onKey, { signal: end.signal })
  return () => end.abort()
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return
  const command = commandOf(event, mac)
  if (!command || keepsKey(focusOf(event.target), event) || covered()) return
  if (run(command.id as CommandId)) event.preventDefault()
}

/** A command of the native menu. In a text field, undo and select all mean the text. */
export function runFromMenu(command: CommandId): void {
  const inText = focusOf(document.activeElement).kind === 'text'
  const native =
    inText && { 'edit.undo': 'undo', 'edit.redo': 'redo', 'edit.selectAll': 'selectAll' }[command as string]
  // Deprecated, and still the only way to a text field's own history.
  if (native) document.execCommand(native)
  else if (!covered()) run(command)
}

/** A sheet or question is open: nothing behind it is to change. */
const covered = (): boolean => useUi.getState().sheet !== undefined || usePrompt.getState().prompt !== undefined

function focusOf(target: EventTarget | null): Focus {
  const byKeyboard = focusedBy === 'keyboard'
  const kind = (): Focus['kind'] => {
    if (!(target instanceof HTMLElement)) return 'other'
    if (target instanceof HTMLInputElement) {
      if (target.type === 'range') return 'slider'
      return ['checkbox', 'radio', 'button', 'file'].includes(target.type) ? 'button' : 'text'
    }
    if (target instanceof HTMLTextAreaElement || target.isContentEditable) return 'text'
    if (target instanceof HTMLSelectElement) return 'select'
    if (target.getAttribute('role') === 'slider' || target.getAttribute('role') === 'separator') return 'slider'
    return target.closest('button, a, summary, [role=menuitem]') ? 'button' : 'other'
  }
  return { kind: kind(), byKeyboard }
}
