// How SentencePiece normalises text before it is cut into pieces: the model's own rules (a double-array trie from byte sequences to
// replacements, as darts-clone lays it out), spaces collapsed and marked. Reference: sentencepiece src/normalizer.cc.
import { UserError } from '../../../media/errors'

/** What stands for a space inside pieces. */
export const spaceMark = '\u2581'

/** Text as it is to be cut into pieces: replaced, without needless spaces, each space marked, one in front; '' for blank text. */
export type Normalize = (text: string) => string

/** `charsmap`: the model's compiled rules; without it characters stay as they are. Throws UserError when it is not well formed. */
export function normalizer(charsmap: Uint8Array | undefined): Normalize {
  const replace = charsmap ? compiledRules(charsmap) : undefined
  return (text) => {
    const spaced = (replace ? replace(text) : text).replace(/ +/g, ' ').replace(/^ | $/g, '')
    return spaced === '' ? '' : spaceMark + spaced.replaceAll(' ', spaceMark)
  }
}

const damaged = "the tokenizer's rules of normalisation are damaged; download the folder tokenizer again"
/** Bytes, with the zero. The longest of Unicode's has 33. */
const longestReplacement = 256

/** 4 bytes of trie length, the trie's units (32 bits each), then the replacements, each ended by a zero byte. */
function compiledRules(charsmap: Uint8Array): (text: string) => string {
  const view = new DataView(charsmap.buffer, charsmap.byteOffset, charsmap.byteLength)
  const trieBytes = charsmap.byteLength < 4 ? 0 : view.getUint32(0, true)
  if (trieBytes < 4 || trieBytes % 4 !== 0 || 4 + trieBytes > charsmap.byteLength) throw new UserError(damaged)
  const units = Uint32Array.from({ length: trieBytes / 4 }, (_, i) => view.getUint32(4 + 4 * i, true))
  const replacements = charsmap.subarray(4 + trieBytes)
  const decoder = new TextDecoder()

  /** The longest rule that begins at `from`: bytes read, and where its replacement begins. */
  const longest = (bytes: Uint8Array, from: number): { length: number; value: number } | undefined => {
    let found: { length: number; value: number } | undefined
    let node = offsetOf(units[0]!)
    for (let at = from; at < bytes.length; at++) {
      node ^= bytes[at]!
      const unit = units[node]
      if (unit === undefined || (unit & 0x800000ff) >>> 0 !== bytes[at]!) break
      node ^= offsetOf(unit)
      const leaf = (unit >>> 8) & 1 ? units[node] : undefined
      if (leaf !== undefined) found = { length: at - from + 1, value: leaf & 0x7fffffff }
    }
    return found
  }

  return (text) => {
    const bytes = new TextEncoder().encode(text)
    const parts: string[] = []
    for (let at = 0; at < bytes.length;) {
      const rule = longest(bytes, at)
      if (rule) {
        const replacement = replacements.subarray(rule.value, rule.value + longestReplacement)
        const end = replacement.indexOf(0)
        if (end < 0) throw new UserError(damaged)
        parts.push(decoder.decode(replacement.subarray(0, end)))
        at += rule.length
      } else {
        const width = utf8Width(bytes[at]!)
        parts.push(decoder.decode(bytes.subarray(at, at + width)))
        at += width
      }
    }
    return parts.join('')
  }
}

const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6)

/** Bytes of the character that begins with this byte, in well-formed UTF-8. */
const utf8Width = (byte: number): number => (byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4)
