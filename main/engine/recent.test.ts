import { describe, expect, it } from 'vitest'
import { Recent } from './recent'

describe('what was made lately', () => {
  it('is made once, until what is wanted more needs its room', async () => {
    const made: string[] = []
    const recent = new Recent<number>(10, (bytes) => bytes)
    const want = (key: string, bytes: number) =>
      recent.get(key, () => {
        made.push(key)
        return Promise.resolve(bytes)
      })
    await want('tom', 4)
    await want('mara', 4)
    await want('tom', 4)
    expect(made).toEqual(['tom', 'mara'])
    await want('ines', 4)
    await want('tom', 4)
    await want('mara', 4)
    expect(made).toEqual(['tom', 'mara', 'ines', 'mara'])
  })

  it('stays though it is larger than all there is room for', async () => {
    const recent = new Recent<string>(10, () => 20)
    const crowd = await recent.get('crowd', () => Promise.resolve('a crowd'))
    expect(await recent.get('crowd', () => Promise.resolve('another'))).toBe(crowd)
  })

  it('is made anew after a failure', async () => {
    const recent = new Recent<string>(10, () => 1)
    await expect(recent.get('tom', () => Promise.reject(new Error('no memory')))).rejects.toThrow('no memory')
    expect(await recent.get('tom', () => Promise.resolve('tom'))).toBe('tom')
  })
})
