// Many pictures on one sheet, to look at a clip or a set of results at a glance.
import { drawCaption } from './captions'
import { UserError } from './errors'
import { type Picture, flattenPicture } from './pictures'

/**
 * Lays pictures out in rows of `columns`, each in a cell as large as the largest, with a thin gap; `captions[i]` is
 * written in the upper left corner of cell i. Returns RGB on dark grey. Throws UserError for no pictures.
 */
export function contactSheet(pictures: readonly Picture[], columns: number, captions: readonly string[] = []): Picture {
  if (pictures.length === 0) throw new UserError('contact sheet: there are no pictures to show')
  const gap = 4
  const across = Math.min(columns, pictures.length)
  const down = Math.ceil(pictures.length / across)
  const cellWidth = Math.max(...pictures.map((picture) => picture.width))
  const cellHeight = Math.max(...pictures.map((picture) => picture.height))
  const width = across * (cellWidth + gap) + gap
  const height = down * (cellHeight + gap) + gap
  const sheet = { width, height, channels: 3 as const, data: new Uint8Array(width * height * 3).fill(40) }
  pictures.forEach((picture, index) => {
    const x = gap + (index % across) * (cellWidth + gap)
    const y = gap + Math.floor(index / across) * (cellHeight + gap)
    paste(sheet, flattenPicture(picture), x, y)
    const caption = captions[index]
    if (caption) drawCaption(sheet, caption, x + 4, y + 4, Math.max(1, Math.round(cellHeight / 160)))
  })
  return sheet
}

function paste(sheet: Picture, picture: Picture, x: number, y: number): void {
  for (let row = 0; row < picture.height; row++) {
    const line = picture.data.subarray(row * picture.width * 3, (row + 1) * picture.width * 3)
    sheet.data.set(line, ((y + row) * sheet.width + x) * 3)
  }
}
