// What the window costs, measured from inside it: frames while scrolling, time from a key to the picture, memory held.
import type { CDPSession, Locator, Page } from 'playwright-core'

/** Milliseconds between frames while the list scrolls by `speed` pixels a frame, for so many frames. */
export function scrollFrames(list: Locator, frames: number, speed: number): Promise<number[]> {
  return list.evaluate(measureScroll, { frames, speed })
}

/** Runs in the window. */
function measureScroll(list: Element, { frames, speed }: { frames: number; speed: number }): Promise<number[]> {
  let box: Element = list
  while (box.scrollHeight <= box.clientHeight + 1 && box.parentElement) box = box.parentElement
  const end = box.scrollHeight - box.clientHeight
  return new Promise((resolve) => {
    const times: number[] = []
    let last: number | undefined
    let step = speed
    const frame = (now: number): void => {
      if (last !== undefined) times.push(now - last)
      last = now
      if (times.length >= frames) return resolve(times)
      if (box.scrollTop + step > end || box.scrollTop + step < 0) step = -step
      box.scrollTop += step
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  })
}

/** Begins to note, for every key and press, the milliseconds from the event to the end of the frame that shows its effect. */
export async function watchInputs(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(noteInputs)
  return () => page.evaluate(() => (globalThis as unknown as { inputTimes: number[] }).inputTimes.splice(0))
}

/** Runs in the window. */
function noteInputs(): void {
  const times: number[] = []
  Object.assign(globalThis, { inputTimes: times })
  const channel = new MessageChannel()
  let waiting: number[] = []
  channel.port1.onmessage = () => {
    for (const begun of waiting) times.push(performance.now() - begun)
    waiting = []
  }
  const note = (event: Event): void => {
    // A message posted from an animation frame arrives when the frame has been painted.
    requestAnimationFrame(() => {
      waiting.push(event.timeStamp)
      channel.port2.postMessage(undefined)
    })
  }
  for (const type of ['keydown', 'pointerdown']) document.addEventListener(type, note, { capture: true })
}

export interface Held {
  /** Bytes of JavaScript's heap after a collection. */
  readonly heap: number
  readonly nodes: number
  readonly listeners: number
}

/** What the page holds when everything that can be given back has been. */
export async function held(session: CDPSession): Promise<Held> {
  await session.send('HeapProfiler.enable')
  for (let i = 0; i < 3; i++) await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters')
  return { heap: usedSize, nodes, listeners: jsEventListeners }
}

/** The value below which `share` (0..1) of the values lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}
