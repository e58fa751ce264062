import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../test/support/library'
import { openDatabase } from './database'
import type { Tables } from './database'

const notes: Tables = { module: 'notes', steps: ['CREATE TABLE notes (text TEXT NOT NULL)'] }
const file = () => path.join(temporaryFolder(), 'studio.db')

it('what is written is there after the end, without one being made', () => {
  const place = file()
  openDatabase(place, [notes]).prepare('INSERT INTO notes VALUES (?)').run('kept')
  expect(openDatabase(place, [notes]).prepare('SELECT text FROM notes').all()).toEqual([{ text: 'kept' }])
})

it('tables are brought up step by step, each step once', () => {
  const place = file()
  openDatabase(place, [notes]).close()
  const more: Tables = {
    module: 'notes',
    steps: [...notes.steps, 'ALTER TABLE notes ADD COLUMN star INTEGER; CREATE INDEX by_star ON notes (star)'],
  }
  const database = openDatabase(place, [more])
  database.prepare('INSERT INTO notes VALUES (?, ?)').run('b', 1)
  database.close()
  expect(openDatabase(place, [more]).prepare('SELECT * FROM notes').get()).toEqual({ text: 'b', star: 1 })
  expect(() => openDatabase(place, [notes])).toThrow('was used by a newer version of the studio')
})

it('a transaction is all or nothing, and one within another is a part of it', () => {
  const database = openDatabase(file(), [notes])
  const insert = database.prepare('INSERT INTO notes VALUES (?)')
  expect(() =>
    database.transaction(() => {
      insert.run('a')
      database.transaction(() => insert.run('b'))
      throw new Error('stop')
    }),
  ).toThrow('stop')
  expect(database.prepare('SELECT * FROM notes').all()).toEqual([])
  expect(database.transaction(() => insert.run('c').changes)).toBe(1)
})

it('statements go on against a copy', () => {
  const [first, second] = [file(), file()]
  const database = openDatabase(first, [notes])
  const insert = database.prepare('INSERT INTO notes VALUES (?)')
  const all = database.prepare('SELECT text FROM notes')
  insert.run('before')
  database.copyTo(second)
  database.continueIn(second)
  fs.rmSync(first)
  insert.run('after')
  expect(all.all()).toEqual([{ text: 'before' }, { text: 'after' }])
})

it('a file that is none is told, and stays as it is', () => {
  const place = file()
  fs.writeFileSync(place, 'This is a letter and no database at all, and long enough to be looked at. '.repeat(20))
  expect(() => openDatabase(place, [notes])).toThrow("cannot open the library's list")
  expect(fs.readFileSync(place, 'utf8')).toContain('This is a letter')
})
