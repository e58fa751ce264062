// The ids below are sentencepiece's own (version 0.2.2), for the same model files.
import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { vocabulary } from '../../../../test/support/diffusers-folder'
import { temporaryFolder } from '../../../../test/support/library'
import { writeSpiece } from '../../../../test/support/spiece'
import { Random } from '../../nn'
import { isUserError } from '../../../media/errors'
import { readSpiece } from './spiece'
import { tokenizer } from './tokenizer'

const rules = { A: 'a', Ä: 'ae', '\t': ' ', ﬁ: 'fi', '\u3000': ' ', '\u00ad': '', AB: 'dance' }
let file: string
beforeEach(() => {
  file = path.join(temporaryFolder(), 'spiece.model')
})

describe('the tokenizer', () => {
  it.each([
    ['A dancer\tin the\u3000room', [32, 34, 21, 38, 33, 37]],
    ['ABÄ soﬁa', [34, 4, 8, 3, 22, 18, 9, 12, 4]],
    ['\u00ad ', []],
    ['the 2 walking 北京 dancers!', [33, 3, 2, 36, 35, 3, 2, 34, 21, 22, 2]],
  ])('cuts %j as sentencepiece does', (text, ids) => {
    writeSpiece(file, vocabulary, rules)
    expect(tokenizer(readSpiece(file)).encode(text, ids.length + 1)).toEqual([...ids, 1])
  })

  it('ends text with </s>, fills up with <pad>, and cuts what is too long before the end', () => {
    writeSpiece(file, vocabulary)
    const { encode } = tokenizer(readSpiece(file))
    expect(encode('a dancer', 8)).toEqual([32, 34, 21, 1, 0, 0, 0, 0])
    expect(encode('', 3)).toEqual([1, 0, 0])
    expect(encode('a dancer', 3)).toEqual([32, 34, 1])
  })
})

describe('a tokenizer file', () => {
  const problem = (): string => {
    try {
      tokenizer(readSpiece(file)).encode('a dancer in the room', 226)
      return ''
    } catch (error) {
      if (!isUserError(error)) throw error
      return error.message.replace(file, 'spiece.model')
    }
  }

  it('that is no tokenizer is told in one line', () => {
    expect(problem()).toBe('the tokenizer "spiece.model" is missing; download the folder tokenizer again')
    fs.writeFileSync(file, '')
    expect(problem()).toBe('"spiece.model" is not the tokenizer of a T5: it has no pieces; download it again')
    fs.writeFileSync(file, 'version https://git-lfs.github.com/spec/v1\n')
    expect(problem()).toMatch(/^"spiece\.model" is not the tokenizer of a T5: .*; download it again$/)
    writeSpiece(file, [...vocabulary, ['▁a', -3]])
    expect(problem()).toMatch(/piece 45 is there twice/)
    writeSpiece(file, [['a', NaN]])
    expect(problem()).toMatch(/piece 3 has no text or no score/)
  })

  it('that is damaged anywhere never hangs, and is told in one line if it is told at all', () => {
    writeSpiece(file, vocabulary, rules)
    const whole = fs.readFileSync(file)
    const random = new Random(1)
    const told = new Set<string>()
    const below = (n: number): number => Math.floor(random.uniform(0, n))
    for (let i = 0; i < 1500; i++) {
      const bytes = Uint8Array.from(i % 5 ? whole : whole.subarray(0, below(whole.length)))
      // The pieces come first and the rules are larger: each gets its share.
      const most = i % 2 ? bytes.length : Math.min(bytes.length, 700)
      for (let n = 0; n < 1 + (i % 8); n++) bytes[below(most)] = below(256)
      fs.writeFileSync(file, bytes)
      told.add(problem())
    }
    expect(told.size).toBeGreaterThan(20)
    for (const line of told) expect(line).not.toContain('\n')
  })
})
