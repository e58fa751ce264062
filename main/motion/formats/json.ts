// JSON from strangers. JSON.parse is safe but not frugal: a file of nothing but brackets takes fifty times its own size and half a
// minute for every 64 MB. No format that is read here nests deeply or consists of brackets, so both are looked at before.

const deepest = 64
/** Characters for each list or object, on average, beyond the first thousand. Real files have twenty and more. */
const roomiest = 6

/** Parses JSON. Throws SyntaxError with one line for what is not JSON, and for what is nothing but structure. */
export function parseJson(text: string): unknown {
  let depth = 0
  let holders = 0
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i)
    if (character === 0x22) i = endOfString(text, i)
    else if (character === 0x7b || character === 0x5b) {
      holders++
      if (++depth > deepest) throw new SyntaxError(`lists and objects in each other, more than ${deepest} deep`)
    } else if (character === 0x7d || character === 0x5d) depth--
  }
  if (holders > 1000 + text.length / roomiest)
    throw new SyntaxError(`${holders} lists and objects with nothing in them`)
  return JSON.parse(text)
}

/** Where the string that begins at `start` ends; the text's end when it does not. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const character = text.charCodeAt(i)
    if (character === 0x22) return i
    if (character === 0x5c) i++
  }
  return text.length
}
