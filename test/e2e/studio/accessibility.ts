// Whether everybody can use the window as it is now: axe's rules, and where the focus is.
import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** Serious and critical findings of axe, one line each: rule, element, what is wrong. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  await page.evaluate(settled)
  const violations = await page.evaluate(async () => {
    const { axe: engine } = globalThis as unknown as { axe: typeof axe }
    const results = await engine.run(document, { resultTypes: ['violations'] })
    return results.violations.map(({ id, impact, nodes }) => ({
      id,
      impact,
      nodes: nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary ?? ''}`),
    }))
  })
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.replaceAll(/\s+/g, ' ')}`))
}

/** Runs in the window: colours on their way to others are not judged. */
async function settled(): Promise<void> {
  const enough = new Promise((resolve) => setTimeout(resolve, 1000))
  await Promise.race([enough, Promise.allSettled(document.getAnimations().map(({ finished }) => finished))])
}

/** Whether some element of the window has the focus: after a deletion or a closed sheet it must not be lost. */
export const hasFocus = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.activeElement !== null && document.activeElement !== document.body)
