// Where things are in the window, by the names that people and screen readers know them by.
import type { Locator, Page } from 'playwright-core'

export type Panels = ReturnType<typeof panelsOf>

const button = (within: Page | Locator, name: string | RegExp): Locator =>
  within.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) })

export function panelsOf(page: Page) {
  const library = page.getByRole('region', { name: 'Library' })
  const settings = page.getByRole('region', { name: 'Render settings' })
  const timeline = page.getByRole('region', { name: 'Timeline' })
  const grid = page.getByRole('grid', { name: 'Combinations' })
  const queue = page.getByRole('region', { name: 'Queue' })
  const viewer = page.getByRole('dialog', { name: 'Clip viewer' })
  const exporting = page.getByRole('dialog', { name: 'Export' })
  return {
    workspace: (name: 'Animate' | 'Gallery' | 'Train') => page.getByRole('tab', { name, exact: true }),
    projectMenu: button(page, /^Project /),
    /** The project's own button, as it is labelled now. */
    project: (label: string) => button(page, /^Project /).filter({ hasText: label }),
    render: button(page, 'Render'),
    status: page.getByRole('contentinfo'),
    library,
    shelf: (name: 'Humans' | 'Places' | 'Motions' | 'Clips') => library.getByRole('tab', { name, exact: true }),
    /** Things of the shelf that is shown. */
    items: library.getByRole('option'),
    item: (name: string) => library.getByRole('option', { name }),
    importFiles: button(library, 'Import'),
    search: library.getByRole('searchbox', { name: 'Search the library' }),
    settings,
    setting: (name: string) => settings.getByLabel(name, { exact: true }),
    viewport: page.getByRole('region', { name: 'Viewport' }),
    timeline,
    playhead: timeline.getByRole('slider', { name: 'Playhead' }),
    play: button(timeline, /^(Play|Pause)$/),
    grid,
    cell: (human: string, place: string) => grid.getByRole('gridcell', { name: `${human} × ${place}`, exact: true }),
    cells: (state: string) => grid.locator(`[role=gridcell][data-state=${state}]`),
    queueSelected: button(page.getByRole('region', { name: 'Gallery' }), /^Queue \d/),
    queue,
    waiting: queue.locator('[data-state=queued]'),
    job: (title: string) => queue.getByRole('listitem', { name: title, exact: true }),
    pause: button(queue, 'Pause'),
    resume: button(queue, 'Resume'),
    clearFinished: button(queue, 'Clear finished'),
    of: (item: Locator, name: string) => button(item, name),
    viewer,
    video: viewer.locator('video'),
    wipe: viewer.getByRole('slider', { name: 'Wipe' }),
    inViewer: (name: string) => button(viewer, name),
    compare: button(page, 'Compare'),
    openExport: button(page, 'Export').first(),
    exporting,
    exportSetting: (name: string) => exporting.getByLabel(name, { exact: true }),
    chooseFolder: button(exporting, 'Choose folder…'),
    startExport: button(exporting, 'Export'),
  }
}
