import { expect, test } from 'vitest'
import { History } from './history'
import type { HistoryState } from './history'

function counter() {
  const seen: HistoryState[] = []
  const history = new History((state) => seen.push(state))
  const value = { now: 0 }
  const add = (by: number, label = `Add ${by}`) => ({
    label,
    redo: () => void (value.now += by),
    undo: () => void (value.now -= by),
  })
  return { history, value, add, last: () => seen.at(-1) }
}

test('what is done can be undone and done again', async () => {
  const { history, value, add, last } = counter()
  await history.perform(add(1))
  await history.perform(add(10))
  expect(value.now).toBe(11)
  expect(last()).toEqual({ undoLabel: 'Add 10', redoLabel: undefined })
  await history.undo()
  expect(value.now).toBe(1)
  expect(last()).toEqual({ undoLabel: 'Add 1', redoLabel: 'Add 10' })
  await history.redo()
  expect(value.now).toBe(11)
})

test('a new change forgets what was undone', async () => {
  const { history, value, add, last } = counter()
  await history.perform(add(1))
  await history.undo()
  await history.perform(add(5))
  await history.redo()
  expect(value.now).toBe(5)
  expect(last()?.redoLabel).toBeUndefined()
})

test('a change that fails is not remembered, and those after it go on', async () => {
  const { history, value, add, last } = counter()
  const fail = { label: 'Fail', redo: () => Promise.reject(new Error('no')), undo: () => undefined }
  await expect(history.perform(fail)).rejects.toThrow('no')
  await history.perform(add(2))
  expect(value.now).toBe(2)
  expect(last()?.undoLabel).toBe('Add 2')
})

test('an undo that fails can be tried again', async () => {
  const { history } = counter()
  let broken = true
  let undone = false
  await history.perform({
    label: 'Delete',
    redo: () => undefined,
    undo: () => {
      if (broken) throw new Error('the disk is full')
      undone = true
    },
  })
  await expect(history.undo()).rejects.toThrow('full')
  broken = false
  await history.undo()
  expect(undone).toBe(true)
})

test('changes that take their time run one after another', async () => {
  const { history } = counter()
  const order: string[] = []
  const slow = (name: string, wait: number) => ({
    label: name,
    redo: async () => {
      await new Promise((resolve) => setTimeout(resolve, wait))
      order.push(name)
    },
    undo: () => void order.push(`undo ${name}`),
  })
  await Promise.all([history.perform(slow('first', 20)), history.perform(slow('second', 1)), history.undo()])
  expect(order).toEqual(['first', 'second', 'undo second'])
})

test('with nothing to take back, nothing happens', async () => {
  const { history } = counter()
  await history.undo()
  await history.redo()
})
