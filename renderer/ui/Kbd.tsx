// A key combination as the platform writes it: 'CmdOrCtrl+Shift+S' is ⇧⌘S on a Mac and Ctrl+Shift+S elsewhere.
import css from './Kbd.module.css'

const mac = /mac/i.test(navigator.platform)
const glyphs: Record<string, string> = {
  CmdOrCtrl: mac ? '⌘' : 'Ctrl',
  Shift: mac ? '⇧' : 'Shift',
  Left: '←',
  Right: '→',
  Up: '↑',
  Down: '↓',
  Return: mac ? '↩' : 'Enter',
  Escape: 'Esc',
  Delete: mac ? '⌫' : 'Del',
}

/** Text of a key combination in the syntax of the command table. */
export function keyText(keys: string): string {
  if (keys === 'Shift+/') return '?'
  return keys
    .split('+')
    .map((key) => glyphs[key] ?? key)
    .join(mac ? '' : '+')
}

export const Kbd = ({ keys }: { keys: string }) => <kbd className={css.kbd}>{keyText(keys)}</kbd>
