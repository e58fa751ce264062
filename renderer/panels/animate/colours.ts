// The tokens' colours as canvases and WebGL need them: as text, read once from the style sheet.
const read = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

interface Colours {
  readonly left: string
  readonly right: string
  readonly center: string
  readonly accent: string
  readonly bg0: string
  readonly bg1: string
  readonly bg2: string
  readonly bg4: string
  readonly line1: string
  readonly line2: string
  readonly fg0: string
  readonly fg1: string
  readonly fg2: string
  readonly font: string
}

let found: Colours | undefined

export const colours = (): Colours =>
  (found ??= {
    left: read('--left'),
    right: read('--right'),
    center: read('--center'),
    accent: read('--accent'),
    bg0: read('--bg-0'),
    bg1: read('--bg-1'),
    bg2: read('--bg-2'),
    bg4: read('--bg-4'),
    line1: read('--line-1'),
    line2: read('--line-2'),
    fg0: read('--fg-0'),
    fg1: read('--fg-1'),
    fg2: read('--fg-2'),
    font: read('--font'),
  })
