import { expect, test } from 'vitest'
import { commandOf, keepsKey, matches } from './keys'
import type { Press } from './keys'

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...more,
})
const ctrl = { ctrlKey: true }

test('keys find their commands', () => {
  expect(commandOf(press(' '), false)?.id).toBe('play.toggle')
  expect(commandOf(press('ArrowLeft'), false)?.id).toBe('play.previous')
  expect(commandOf(press('ArrowLeft', { shiftKey: true }), false)?.id).toBe('play.first')
  expect(commandOf(press('s'), false)?.id).toBe('edit.star')
  expect(commandOf(press('s', ctrl), false)?.id).toBe('project.save')
  expect(commandOf(press('S', { ...ctrl, shiftKey: true }), false)?.id).toBe('project.saveAs')
  expect(commandOf(press('Enter', ctrl), false)?.id).toBe('queue.render')
  expect(commandOf(press('?', { shiftKey: true }), false)?.id).toBe('help.shortcuts')
  expect(commandOf(press('x'), false)).toBeUndefined()
})

test('Ctrl on a Mac is not the command key', () => {
  expect(matches('CmdOrCtrl+Z', press('z', ctrl), true)).toBe(false)
  expect(matches('CmdOrCtrl+Z', press('z', { metaKey: true }), true)).toBe(true)
  expect(matches('CmdOrCtrl+Z', press('z', { metaKey: true }), false)).toBe(false)
})

test('letters work on a keyboard that writes another script', () => {
  expect(matches('CmdOrCtrl+S', press('ы', { ...ctrl, code: 'KeyS' }), false)).toBe(true)
  // On a French keyboard the key at Q's place writes A: what it writes counts.
  expect(matches('CmdOrCtrl+A', press('a', { ...ctrl, code: 'KeyQ' }), false)).toBe(true)
  expect(matches('CmdOrCtrl+Q', press('a', { ...ctrl, code: 'KeyQ' }), false)).toBe(false)
})

test('Ctrl+Y does again what Ctrl+Z took back', () => {
  expect(commandOf(press('y', ctrl), false)!.id).toBe('edit.redo')
})

test('what has the focus keeps its own keys', () => {
  const text = { kind: 'text', byKeyboard: true } as const
  expect(keepsKey(text, press('s'))).toBe(true)
  expect(keepsKey(text, press(' '))).toBe(true)
  expect(keepsKey(text, press('z', ctrl))).toBe(true)
  expect(keepsKey(text, press('s', ctrl))).toBe(false)
  const slider = { kind: 'slider', byKeyboard: true } as const
  expect(keepsKey(slider, press('ArrowRight'))).toBe(true)
  expect(keepsKey(slider, press(' '))).toBe(false)
})

test('Space presses a button reached with the keyboard, and plays after one was clicked', () => {
  expect(keepsKey({ kind: 'button', byKeyboard: true }, press(' '))).toBe(true)
  expect(keepsKey({ kind: 'button', byKeyboard: false }, press(' '))).toBe(false)
})
