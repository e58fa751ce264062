// How an artist works the window: with a mouse, or with nothing but the keyboard. A scenario is written once, for both hands.
import type { Locator, Page } from 'playwright-core'

export interface Hand {
  readonly name: 'mouse' | 'keyboard'
  focus(target: Locator): Promise<void>
  /** A button, a tab, an option: does what it is there for. */
  press(target: Locator): Promise<void>
  /** An item of a list or grid: opens it. */
  open(target: Locator): Promise<void>
  /** Items of one grid or list, from the first to the last: exactly these become selected. */
  select(first: Locator, last: Locator): Promise<void>
  /** Replaces what is in a field, and confirms it. */
  write(field: Locator, text: string): Promise<void>
  /** Moves a slider to a value. */
  slide(slider: Locator, value: number): Promise<void>
  /** Takes a choice of a drop-down. */
  pick(select: Locator, option: string): Promise<void>
}

export const hands = ['mouse', 'keyboard'] as const

export function handOf(name: Hand['name'], page: Page): Hand {
  return name === 'mouse' ? mouse(page) : keyboard(page)
}

function mouse(page: Page): Hand {
  return {
    name: 'mouse',
    focus: (target) => target.click(),
    async press(target) {
      const row = target.locator('xpath=ancestor::li[1]')
      if ((await row.count()) > 0) await row.hover() // what a row offers appears under the pointer
      await target.click()
    },
    open: (target) => target.dblclick(),
    async select(first, last) {
      await first.click()
      await last.click({ modifiers: ['Shift'] })
    },
    async write(field, text) {
      await field.click()
      await page.keyboard.press('Control+A')
      await page.keyboard.type(text)
      await page.keyboard.press('Enter')
    },
    async slide(slider, value) {
      const { x, y, width, height } = (await slider.boundingBox())!
      const [min, max] = [Number(await slider.getAttribute('min')), Number(await slider.getAttribute('max'))]
      const thumb = 12 // pixels: its centre never comes nearer to the ends than half of it
      await page.mouse.click(x + thumb / 2 + ((value - min) / (max - min)) * (width - thumb), y + height / 2)
    },
    pick: async (select, option) => void (await select.selectOption({ label: option })),
  }
}

function keyboard(page: Page): Hand {
  return {
    name: 'keyboard',
    focus: (target) => reach(page, target),
    async press(target) {
      await reach(page, target)
      if ((await target.getAttribute('role')) === 'tab' && (await isChosen(target))) return // focus has chosen it
      await page.keyboard.press('Enter')
    },
    async open(target) {
      await reach(page, target)
      await page.keyboard.press('Enter')
    },
    async select(first, last) {
      await reach(page, first)
      await page.keyboard.press('Escape') // nothing selected
      await page.keyboard.press('Space')
      await page.keyboard.down('Shift')
      await reach(page, last)
      await page.keyboard.up('Shift')
    },
    async write(field, text) {
      await reach(page, field)
      await page.keyboard.press('Control+A')
      await page.keyboard.type(text)
      await page.keyboard.press('Enter')
    },
    async slide(slider, value) {
      await reach(page, slider)
      await page.keyboard.press('Home')
      const now = async (): Promise<number> => Number(await slider.inputValue())
      for (let i = 0; i < stops && (await now()) < value; i++) await page.keyboard.press('ArrowRight')
    },
    async pick(select, option) {
      await reach(page, select)
      await page.keyboard.press('Home')
      const options = await select.locator('option').allTextContents()
      if (!options.includes(option)) throw new Error(`there is no choice "${option}" among ${options.join(', ')}`)
      while ((await select.evaluate(shownChoice)) !== option) await page.keyboard.press('ArrowDown')
    },
  }
}

const isChosen = async (target: Locator): Promise<boolean> => (await target.getAttribute('aria-selected')) === 'true'

/** Runs in the window. */
const shownChoice = (select: Element): string | undefined =>
  (select as HTMLSelectElement).selectedOptions[0]?.textContent?.trim()

/** Where the focus is, as seen from the wanted element: on it, in the same list or grid (pixels to go), or elsewhere. */
type Way = 'there' | 'elsewhere' | { readonly x: number; readonly y: number }

const stops = 250

/** Moves the focus to an element as a keyboard user does: Tab until it, or its list, has the focus; arrows inside a list. */
async function reach(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  const seen: string[] = []
  let before: Way = 'elsewhere'
  for (let stop = 0; stop < stops; stop++) {
    const way: Way = await target.evaluate(wayTo)
    if (way === 'there') return
    const stuck: boolean = JSON.stringify(way) === JSON.stringify(before)
    if (way === 'elsewhere' || stuck) await page.keyboard.press('Tab')
    else if (Math.abs(way.y) > 8) await page.keyboard.press(way.y > 0 ? 'ArrowDown' : 'ArrowUp')
    else await page.keyboard.press(way.x > 0 ? 'ArrowRight' : 'ArrowLeft')
    before = stuck ? 'elsewhere' : way
    if (way === 'elsewhere') seen.push(await page.evaluate(focusName))
  }
  throw new Error(`the keyboard does not reach ${target.toString()}; Tab went to: ${[...new Set(seen)].join(' | ')}`)
}

/** Runs in the window. */
function wayTo(target: Element): Way {
  const active = document.activeElement
  if (!active || active === document.body) return 'elsewhere'
  if (active === target) return 'there'
  const composite = '[role=tablist],[role=listbox],[role=grid],[role=radiogroup],[role=menu]'
  const list = target.closest(composite)
  if (!list || list !== active.closest(composite)) return 'elsewhere'
  if (active === list) return 'elsewhere'
  const [from, to] = [active.getBoundingClientRect(), target.getBoundingClientRect()]
  const centre = (box: DOMRect): [number, number] => [box.x + box.width / 2, box.y + box.height / 2]
  const [[x0, y0], [x1, y1]] = [centre(from), centre(to)]
  return { x: x1 - x0, y: y1 - y0 }
}

/** Runs in the window: the focused element in a word or two. */
export function focusName(): string {
  const active = document.activeElement
  if (!active || active === document.body) return 'nothing'
  const name = active.getAttribute('aria-label') ?? active.textContent?.trim().slice(0, 30) ?? ''
  return `${active.getAttribute('role') ?? active.tagName.toLowerCase()} "${name}"`
}
