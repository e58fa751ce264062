import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { choice, existingFile, existingFolder, integer, number, outputFile, outputFolder, size } from './flags'

describe('numbers', () => {
  const steps = integer(1, 100, 'steps')
  it('are read', () => {
    expect(steps.parse('20')).toBe(20)
    expect(number(0, 20, 'guidance').parse('2.5')).toBe(2.5)
  })
  it.each(['0', '101', '2.5', 'ten', '', '1e1', 'NaN'])('refuses %j as a whole number from 1 to 100', (value) => {
    expect(() => steps.parse(value)).toThrow(`"${value}" is not a whole number from 1 to 100`)
  })
  it.each(['-1', 'Infinity', 'NaN', '', ' '])('refuses %j as a number from 0 to 20', (value) => {
    expect(() => number(0, 20, '').parse(value)).toThrow('is not a number from 0 to 20')
  })
})

describe('sizes', () => {
  it('are width x height', () => expect(size('').parse('1280x720')).toEqual({ width: 1280, height: 720 }))
  it.each(['1280', '1280x', 'axb', '-64x64', '1280 x 720'])('refuses %j', (value) => {
    expect(() => size('').parse(value)).toThrow('write it as 1280x720')
  })
  it.each(['63x640', '0x0', '4097x100'])('refuses %s as out of range', (value) => {
    expect(() => size('').parse(value)).toThrow('from 64 to 4096 pixels')
  })
})

it('a choice names the others when the word is none of them', () => {
  expect(() => choice(['auto', 'static'], '').parse('fast')).toThrow('"fast" is not one of auto, static')
})

describe('files', () => {
  let folder: string
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'flags-'))))
  afterEach(() => fs.rmSync(folder, { recursive: true }))

  it('must be there and of the right kind', () => {
    const file = path.join(folder, 'a.bvh')
    expect(() => existingFile('FILE', '').parse(file)).toThrow(`file "${file}" does not exist`)
    expect(() => existingFile('FILE', '').parse(folder)).toThrow('is a folder, not a file')
    fs.writeFileSync(file, '')
    expect(existingFile('FILE', '').parse(file)).toBe(file)
    expect(() => existingFolder('DIR', '').parse(file)).toThrow('is a file, not a folder')
  })

  it('to write are tried before any work, and nothing is left of the trial', () => {
    const out = outputFile(['.mp4'], '')
    expect(out.parse(path.join(folder, 'new/deep/clip.mp4'))).toMatch(/clip\.mp4$/)
    expect(outputFolder('').parse(path.join(folder, 'set'))).toMatch(/set$/)
    expect(fs.readdirSync(folder)).toEqual([])
    expect(() => out.parse(path.join(folder, 'clip.avi'))).toThrow('must end in .mp4')
    fs.writeFileSync(path.join(folder, 'file'), '')
    expect(() => out.parse(path.join(folder, 'file/clip.mp4'))).toThrow(/a part of its path is a file/)
    expect(() => outputFolder('').parse(path.join(folder, 'file'))).toThrow('is a file, not a folder')
  })
})
