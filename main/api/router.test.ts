import { describe, expect, it } from 'vitest'
import { createRouter } from './router'
import type { Handlers } from './router'

const faults: string[] = []
const router = createRouter(
  {
    'library.list': () => [],
    'jobs.pause': () => undefined,
    'library.remove': () => {
      throw Object.assign(new Error('the disk is full'), { user: true })
    },
    'library.restore': () => {
      throw new TypeError('x is undefined')
    },
  } as unknown as Handlers,
  (method) => faults.push(method),
)
const human = 'human_0123456789abcdef'

describe('a call of a window', () => {
  it('reaches its handler', async () => {
    expect(await router('library.list', {})).toEqual({ ok: true, value: [] })
    expect(await router('jobs.pause', undefined)).toEqual({ ok: true, value: undefined })
  })

  it.each([
    ['an unknown method', 'library.burn', {}],
    ['a method of Object', 'toString', {}],
    ['no name', 42, {}],
    ['a wrong shape', 'library.remove', { ids: 'all' }],
    ['a path for an id', 'library.remove', { ids: ['../../etc/passwd'] }],
    ['an id with something behind it', 'library.remove', { ids: [`${human}/../x`] }],
    ['another kind of id', 'jobs.cancel', { ids: [human] }],
    ['a name with a line break', 'library.update', { id: human, name: 'a\nb' }],
  ])('is refused with %s', async (_, name, input) => {
    expect(await router(name, input)).toMatchObject({ ok: false, error: { user: false } })
  })

  it('brings the user an error that is meant for the user', async () => {
    const reply = await router('library.remove', { ids: [human] })
    expect(reply).toEqual({ ok: false, error: { message: 'the disk is full', user: true } })
    expect(faults).toEqual([])
  })

  it('reports a fault of ours and survives it', async () => {
    expect(await router('library.restore', { ids: [human] })).toMatchObject({ ok: false, error: { user: false } })
    expect(faults).toEqual(['library.restore'])
  })
})
