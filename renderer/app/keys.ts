// Which command a key press means. Pure: the window's listener is in keyboard.ts.
import { commands } from '../../main/api'
import type { Command, CommandId } from '../../main/api'

export interface Press {
  readonly key: string
  /** The key's place, for letters on keyboards that do not write Latin ones. */
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

/** What else people press. */
const aliases: readonly { readonly id: CommandId; readonly key: string }[] = [
  { id: 'edit.redo', key: 'CmdOrCtrl+Y' },
  { id: 'edit.delete', key: 'Backspace' },
]

/** The names of the table's keys in the events of a browser. */
const eventKeys: Readonly<Record<string, string>> = {
  Space: ' ',
  Left: 'ArrowLeft',
  Right: 'ArrowRight',
  Up: 'ArrowUp',
  Down: 'ArrowDown',
  Return: 'Enter',
}

/** Whether `press` is `keys` ('CmdOrCtrl+Shift+S'). */
export function matches(keys: string, press: Press, mac: boolean): boolean {
  const parts = keys.split('+')
  const name = parts.at(-1)!
  const command = parts.includes('CmdOrCtrl')
  if (press.altKey || press.ctrlKey !== (command && !mac) || press.metaKey !== (command && mac)) return false
  // Where '?' is written with other keys, or without Shift, it is still '?'.
  if (keys === 'Shift+/') return press.key === '?'
  if (press.shiftKey !== parts.includes('Shift')) return false
  const wanted = eventKeys[name] ?? name
  if (wanted.length > 1) return press.key === wanted
  return press.key.toLowerCase() === wanted.toLowerCase() || (/^[A-Z]$/.test(wanted) && otherScript(press, wanted))
}

const otherScript = ({ key, code }: Press, letter: string): boolean =>
  code === `Key${letter}` && !/^[a-z]$/i.test(key) && key.length === 1

/** The command of the table (or of an alias) that `press` means. */
export function commandOf(press: Press, mac: boolean): Command | undefined {
  const table: readonly Command[] = commands
  const alias = aliases.find(({ key }) => matches(key, press, mac))
  return table.find(({ id, key }) => id === alias?.id || (key !== undefined && matches(key, press, mac)))
}

export interface Focus {
  /** What has the focus, as far as keys are concerned. */
  readonly kind: 'text' | 'select' | 'slider' | 'button' | 'other'
  /** Reached with the keyboard: Space then presses a button; after a click it belongs to the window again. */
  readonly byKeyboard: boolean
}

const textEditing = new Set(['a', 'c', 'v', 'x', 'y', 'z'])

/** Whether what has the focus wants the key for itself. */
export function keepsKey(focus: Focus, press: Press): boolean {
  const command = press.ctrlKey || press.metaKey
  switch (focus.kind) {
    case 'text':
      return command ? textEditing.has(press.key.toLowerCase()) || press.key.startsWith('Arrow') : true
    case 'select':
      return !command
    case 'slider':
      return !command && /^(Arrow|Home|End|Page)/.test(press.key)
    case 'button':
      return focus.byKeyboard && !command && (press.key === ' ' || press.key === 'Enter')
    case 'other':
      return false
  }
}
