// Spoiling of JSON that stays JSON (mostly): a document of the right shape in which something is missing, doubled, of another type,
// at the edge of what a number can be, or nested beyond reason.
import type { Dice } from './dice'

type Holder = Record<string, unknown> | unknown[]

/** Written instead of the text that holds it: for what JSON.stringify would never write. */
const raw = '\u{10FFFE}'
/** Characters of an input. */
const longest = 2 ** 20
/** A quotation mark in there. */
const quote = '\u{10FFFD}'

const strange: readonly unknown[] = [
  '',
  '../../x',
  '/etc/passwd',
  'C:\\x',
  '\0',
  'a\nb\r\u2028c',
  '\u001b[31m\u202e',
  'a'.repeat(5000),
  '__proto__',
  'constructor',
  null,
  true,
  [],
  {},
  [[]],
  { length: 2 ** 31 },
  0,
  -1,
  -0,
  0.5,
  1e-320,
  2 ** 31,
  2 ** 53,
  2 ** 63,
  1e38,
  1e308,
  `${raw}1e999`,
  `${raw}-1e999`,
  `${raw}NaN`,
  `${raw}Infinity`,
  `${raw}018`,
  `${raw}0x10`,
  `${raw}99999999999999999999999`,
]
const strangeKeys = ['__proto__', 'constructor', 'toString', 'length', '', 'a\nb', '0', 'x'.repeat(3000)]

/** The text of a spoilt copy of `value`, with one to three accidents. */
export function spoilJson(value: unknown, dice: Dice): string {
  const root = { value: structuredClone(value) }
  for (let n = dice.pick([1, 1, 1, 2, 3]); n > 0; n--) spoilSomewhere(root, dice)
  return writeJson(root.value).slice(0, longest)
}

function writeJson(value: unknown): string {
  return (JSON.stringify(value) ?? 'undefined')
    .replaceAll(new RegExp(`"${raw}([^"]*)"`, 'gu'), '$1')
    .replaceAll(quote, '"')
}

function spoilSomewhere(root: { value: unknown }, dice: Dice): void {
  // Walks down from the top, so that what a document says of itself is reached as often as its masses of numbers.
  let holder: Holder = root as Record<string, unknown>
  let key = 'value'
  for (;;) {
    const inner = get(holder, key)
    if (typeof inner !== 'object' || inner === null || dice.chance(0.12)) break
    const keys = Object.keys(inner)
    if (keys.length === 0) break
    holder = inner as Holder
    key = dice.pick(keys)
  }
  const value = get(holder, key)
  switch (dice.below(typeof value === 'number' ? 16 : 10)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1)
      else if (holder !== root) Reflect.deleteProperty(holder, key)
      return
    case 1:
      if (Array.isArray(holder)) holder.splice(Number(key), 0, structuredClone(value))
      else set(holder, dice.chance(0.5) ? `${key}2` : dice.pick(strangeKeys), structuredClone(value))
      return
    case 2:
      return set(holder, key, nested(dice.pick([2, 50, 5000, 60_000]), dice.chance(0.5)))
    case 3: {
      const many = dice.pick(typeof value === 'number' || typeof value === 'boolean' ? [2, 300, 20_000] : [2, 5])
      return set(
        holder,
        key,
        Array.from({ length: many }, () => value),
      )
    }
    case 4:
      if (Array.isArray(value)) return set(holder, key, dice.chance(0.5) ? [...value].reverse() : [...value, ...value])
      return set(holder, key, [value])
    case 5:
      if (typeof value === 'string') return set(holder, key, dice.chance(0.5) ? value.slice(1) : value + value)
      if (typeof value === 'number')
        return set(holder, key, dice.pick([-value, value + 1, value - 1, value * 1e6, value / 1e6, value + 0.5]))
      return set(holder, key, null)
    case 6:
      return set(holder, key, { [dice.pick(strangeKeys)]: value })
    case 10:
    case 11:
    case 12: // a little off, most often still right
      return set(holder, key, (value as number) * dice.pick([0.9, 1.1, 1.001, 2]) + dice.pick([0, 0, 1, -1, 0.001]))
    default:
      return set(holder, key, structuredClone(dice.pick(strange)))
  }
}

const get = (holder: Holder, key: string): unknown => (holder as Record<string, unknown>)[key]

/** As a member of its own, whatever its name. */
function set(holder: Holder, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true })
}

/** Lists or objects in each other, as text: the writer of JSON would run out of stack. */
function nested(depth: number, lists: boolean): string {
  return (
    raw +
    (lists ? '['.repeat(depth) + ']'.repeat(depth) : `{${quote}a${quote}:`.repeat(depth) + '1' + '}'.repeat(depth))
  )
}
