// Words on pictures without any font on the machine: capitals, digits and a few signs of 3 x 5 dots.
import type { Picture } from './pictures'

// One row of three dots per octal digit, top to bottom; 4 is the left dot, 1 the right one.
const glyphs: Record<string, string> = {
  A: '25755',
  B: '65656',
  C: '34443',
  D: '65556',
  E: '74647',
  F: '74644',
  G: '34553',
  H: '55755',
  I: '72227',
  J: '11152',
  K: '55655',
  L: '44447',
  M: '57755',
  N: '65555',
  O: '25552',
  P: '65644',
  Q: '25573',
  R: '65655',
  S: '34216',
  T: '72222',
  U: '55557',
  V: '55552',
  W: '55775',
  X: '55255',
  Y: '55222',
  Z: '71247',
  0: '75557',
  1: '26227',
  2: '71747',
  3: '71717',
  4: '55711',
  5: '74717',
  6: '74757',
  7: '71222',
  8: '75757',
  9: '75717',
  '.': '00002',
  ',': '00024',
  ':': '02020',
  '-': '00700',
  '+': '02720',
  '=': '07070',
  '/': '11244',
  '%': '51245',
  '(': '12221',
  ')': '42224',
  _: '00007',
  '#': '57575',
  '?': '71202',
  '!': '22202',
  "'": '22000',
  '*': '52500',
}

/**
 * Writes `text` (any case; signs it does not know become blanks) into an RGB picture at `x, y`, in white on a black
 * band, each dot `scale` pixels wide. What does not fit is cut at the picture's edge.
 */
export function drawCaption(picture: Picture, text: string, x: number, y: number, scale: number): void {
  const columns = text.length * 4 + 1
  for (let row = 0; row < 7 * scale; row++) {
    for (let column = 0; column < columns * scale; column++) {
      const [left, top] = [x + column, y + row]
      if (left >= picture.width || top >= picture.height) continue
      const [dotX, dotY] = [Math.floor(column / scale) - 1, Math.floor(row / scale) - 1]
      picture.data.fill(
        isDot(text, dotX, dotY) ? 255 : 0,
        (top * picture.width + left) * 3,
        (top * picture.width + left) * 3 + 3,
      )
    }
  }
}

function isDot(text: string, x: number, y: number): boolean {
  if (x < 0 || y < 0 || y > 4 || x % 4 === 3) return false
  const rows = glyphs[text.charAt(Math.floor(x / 4)).toUpperCase()]
  return rows !== undefined && (Number(rows[y]) & (4 >> (x % 4))) !== 0
}
