import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { placeWindow, readWindowState, writeWindowState } from './window-state'

const left = { x: 0, y: 0, width: 1920, height: 1080 }
const right = { x: 1920, y: 0, width: 2560, height: 1440 }
const kept = { x: 2000, y: 100, width: 1600, height: 1000, maximized: true }

describe('the window', () => {
  it('comes back where it was', () => {
    expect(placeWindow(kept, [left, right])).toEqual(kept)
  })

  it('comes back into sight when its screen has gone', () => {
    expect(placeWindow(kept, [left])).toEqual({ x: 240, y: 90, width: 1440, height: 900, maximized: true })
  })

  it('fits the screen, small as that may be', () => {
    expect(placeWindow(undefined, [{ x: 10, y: 20, width: 800, height: 500 }])).toMatchObject({
      x: 10,
      y: 20,
      width: 800,
      height: 500,
    })
    expect(placeWindow({ ...kept, x: 1200, width: 1600 }, [left])).toMatchObject({ x: 320, width: 1600 })
  })

  it('does not mind a broken note of it', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'anywhere-window-'))
    const file = path.join(folder, 'home/window.json')
    expect(readWindowState(file)).toBeUndefined()
    writeWindowState(file, kept)
    expect(readWindowState(file)).toEqual(kept)
    fs.writeFileSync(file, '{"x":')
    expect(readWindowState(file)).toBeUndefined()
    fs.writeFileSync(file, '{"x":"left"}')
    expect(readWindowState(file)).toBeUndefined()
    fs.rmSync(folder, { recursive: true })
  })
})
