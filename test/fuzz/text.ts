// Spoiling of text by its lines and words: numbers become extreme, lines are lost, doubled and exchanged, strange characters appear.
import { extremes } from './bytes'
import type { Dice } from './dice'

/** Characters of an input. */
const longest = 2 ** 20
const strangeWords = [
  '{',
  '}',
  '-',
  'nan',
  '1e999',
  '0x10',
  '1,5',
  '１',
  '\0',
  '\u001b[31m',
  '\u202e',
  '\ufeff',
  'ROOT',
]
const breaks = ['\n', '\r\n', '\r', '\u2028', ' ', '\n\n\n']

/** A spoilt copy of `text`: one to four accidents, among them lines of `other`. */
export function spoilText(text: string, dice: Dice, other: string = text): string {
  let lines = text.split('\n')
  for (let n = 1 + dice.below(4); n > 0; n--) lines = spoilOnce(lines, dice, other)
  const spoilt = lines.join(dice.chance(0.1) ? dice.pick(breaks) : '\n')
  if (spoilt.length > longest) return spoilt.slice(0, longest)
  return dice.chance(0.05) ? spoilt.slice(0, dice.below(spoilt.length)) : spoilt
}

function spoilOnce(lines: string[], dice: Dice, other: string): string[] {
  if (lines.length === 0) return other.split('\n').slice(0, 3)
  const at = dice.below(lines.length)
  const line = lines[at] ?? ''
  const words = line.split(' ')
  const word = dice.below(words.length)
  const rewritten = (): string[] => lines.with(at, words.join(' '))
  switch (dice.below(12)) {
    case 0:
      return lines.toSpliced(at, 1)
    case 1:
      return lines.toSpliced(at, 0, line)
    case 2:
      return lines.with(at, lines[dice.below(lines.length)] ?? '')
    case 3:
      return lines.toSpliced(at, 1 + dice.below(lines.length))
    case 4: {
      const others = other.split('\n')
      const from = dice.below(others.length)
      return lines.toSpliced(at, dice.below(3), ...others.slice(from, from + 1 + dice.below(20)))
    }
    case 5: // as many lines as there may be: what costs more than its length shows
      if (!dice.chance(0.02)) return lines
      return lines.toSpliced(at, 0, ...Array.from({ length: dice.pick([1000, 20_000]) }, () => line))
    case 6:
      words.splice(word, 1)
      return rewritten()
    case 7:
      words.splice(word, 0, words[word]!)
      return rewritten()
    case 8:
      words[word] = dice.pick(strangeWords)
      return rewritten()
    case 9:
      words[word] = words[word]!.repeat(dice.pick([2, 10, 2000]))
      return rewritten()
    default: {
      const numbers = words.flatMap((one, i) => (Number.isFinite(Number.parseFloat(one)) ? [i] : []))
      if (numbers.length === 0) return rewritten()
      const number = dice.pick(numbers)
      const value = Number.parseFloat(words[number]!)
      words[number] = String(
        dice.chance(0.5) ? dice.pick(extremes) : dice.pick([-value, value + 1, value - 1, value * 1000, value / 1000]),
      )
      return rewritten()
    }
  }
}
