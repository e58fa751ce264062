import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { homeFolder, projectFile } from './launch'

describe('the start of the app', () => {
  it('has a home: the flag wins over the environment, that over the usual one', () => {
    const home = (argv: string[], env: Record<string, string>) => homeFolder(['studio', ...argv], env, '/usual')
    expect(home([], {})).toBe(path.resolve('/usual'))
    expect(home([], { ANYWHERE_HOME: '/from/env' })).toBe(path.resolve('/from/env'))
    expect(home(['--home=/from/flag'], { ANYWHERE_HOME: '/from/env' })).toBe(path.resolve('/from/flag'))
    expect(home(['--home='], {})).toBe(path.resolve('/usual'))
  })

  it('finds the project that was double-clicked', () => {
    const file = (...argv: string[]) => projectFile(['studio', ...argv], '/films')
    expect(file()).toBeUndefined()
    expect(file('.', '--no-sandbox', 'a.anywhere')).toBe(path.resolve('/films/a.anywhere'))
    expect(file('/films/Ä b.ANYWHERE')).toBe(path.resolve('/films/Ä b.ANYWHERE'))
    expect(file('--x.anywhere', 'a.txt')).toBeUndefined()
  })
})
