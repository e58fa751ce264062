// Pictures of the window for the README, taken on the way through a scenario when ANYWHERE_SCREENSHOTS says so.
import path from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'

const docs = path.resolve(import.meta.dirname, '../../../docs')
/** Bytes that a picture in the repository may have. */
const most = 300_000

/** Writes docs/<name>.jpg, as good as its size allows. */
export async function photograph(page: Page, name: string): Promise<void> {
  if (!process.env.ANYWHERE_SCREENSHOTS) return
  await page.mouse.move(5, 5) // no tooltip in the picture
  await page.waitForTimeout(800)
  const picture = sharp(await page.screenshot({ type: 'png' }))
  for (let quality = 90; quality >= 50; quality -= 5) {
    const bytes = await picture.clone().jpeg({ quality, mozjpeg: true }).toBuffer()
    if (bytes.length > most && quality > 50) continue
    await sharp(bytes).toFile(path.join(docs, `${name}.jpg`))
    return
  }
}
