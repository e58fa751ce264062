// Curves of metrics over something that grows: training steps of a model, or sampling steps of a clip. One page, one small chart a metric.

/** One measurement: where it lies on the axis, and figures with 95% intervals where they have one. */
export interface CurvePoint {
  readonly x: number
  /** What was measured: a model's name, or how many steps. */
  readonly name: string
  readonly metrics: Readonly<Record<string, number>>
  readonly ci: Readonly<Record<string, readonly [low: number, high: number]>>
}

/** A line of its own in each chart. */
export interface Curves {
  readonly title: string
  /** What the axis counts. */
  readonly axis: string
  readonly points: readonly CurvePoint[]
}

const [width, height] = [300, 180]
const [left, right, top, bottom] = [52, 12, 30, 30]

/** A whole HTML page: a chart per metric of `names`, in order; no script, no files beside it. */
export function curvesPage({ title, axis, points }: Curves, names: readonly string[]): string {
  const sorted = [...points].sort((a, b) => a.x - b.x)
  const charts = names.map((name) => chart(name, axis, sorted)).join('\n')
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escaped(title)}</title>
<style>
  :root { color-scheme: light dark; --line: #2563eb; --ink: #1f2937; --faint: #9ca3af; --paper: #ffffff; }
  @media (prefers-color-scheme: dark) { :root { --line: #60a5fa; --ink: #e5e7eb; --faint: #6b7280; --paper: #111827; } }
  body { font: 14px system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 24px; }
  main { display: grid; grid-template-columns: repeat(auto-fill, minmax(${width}px, 1fr)); gap: 16px; }
  svg { width: 100%; height: auto; }
  text { font: 11px system-ui, sans-serif; fill: var(--ink); }
  .name { font-size: 13px; font-weight: 600; }
  .faint { fill: var(--faint); }
  .grid { stroke: var(--faint); stroke-opacity: 0.35; }
  .line { fill: none; stroke: var(--line); stroke-width: 2; }
  .band { fill: var(--line); fill-opacity: 0.18; }
  .dot { fill: var(--line); }
</style>
<h1>${escaped(title)}</h1>
<main>
${charts}
</main>
</html>
`
}

function chart(name: string, axis: string, points: readonly CurvePoint[]): string {
  const known = points.filter(({ metrics }) => Number.isFinite(metrics[name]))
  const head = `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(name)}"><text class="name" x="${left}" y="18">${escaped(name)}</text>`
  if (known.length === 0)
    return `${head}<text class="faint" x="${left}" y="${height / 2}">no clip tells it</text></svg>`
  const between = ({ ci, metrics }: CurvePoint): readonly [number, number] => {
    const [low, high] = ci[name] ?? [NaN, NaN]
    return Number.isFinite(low) && Number.isFinite(high) ? [low, high] : [metrics[name]!, metrics[name]!]
  }
  const [x0, x1] = [known[0]!.x, known.at(-1)!.x]
  const ticks = niceTicks(Math.min(...known.map((p) => between(p)[0])), Math.max(...known.map((p) => between(p)[1])))
  const [y0, y1] = [ticks[0]!, ticks.at(-1)!]
  const X = (x: number) => left + (x1 > x0 ? (x - x0) / (x1 - x0) : 0.5) * (width - left - right)
  const Y = (y: number) => height - bottom - ((y - y0) / (y1 - y0)) * (height - top - bottom)
  const at = (x: number, y: number) => `${X(x).toFixed(1)},${Y(y).toFixed(1)}`
  const band = [...known.map((p) => at(p.x, between(p)[1])), ...known.map((p) => at(p.x, between(p)[0])).reverse()]
  const rows = ticks.map(
    (y) =>
      `<path class="grid" d="M${left} ${Y(y).toFixed(1)}H${width - right}"/><text class="faint" text-anchor="end" x="${left - 6}" y="${(Y(y) + 4).toFixed(1)}">${shown(y)}</text>`,
  )
  const marks = known.map((p) => {
    const [low, high] = between(p)
    const words = `${p.name}: ${shown(p.metrics[name]!)} (${shown(low)} to ${shown(high)})`
    return `<circle class="dot" cx="${X(p.x).toFixed(1)}" cy="${Y(p.metrics[name]!).toFixed(1)}" r="3"><title>${escaped(words)}</title></circle>`
  })
  const ends = [...new Set([x0, x1])].map(
    (x, i) =>
      `<text class="faint" text-anchor="${i === 0 ? 'start' : 'end'}" x="${X(x).toFixed(1)}" y="${height - 12}">${shown(x)}</text>`,
  )
  return [
    head,
    ...rows,
    `<polygon class="band" points="${band.join(' ')}"/>`,
    `<polyline class="line" points="${known.map((p) => at(p.x, p.metrics[name]!)).join(' ')}"/>`,
    ...marks,
    ...ends,
    `<text class="faint" text-anchor="middle" x="${(left + width - right) / 2}" y="${height - 12}">${escaped(axis)}</text></svg>`,
  ].join('')
}

/** Round numbers from at most `low` to at least `high`, three to six of them. */
export function niceTicks(low: number, high: number): number[] {
  const span = high > low ? high - low : Math.max(1e-3, Math.abs(low) * 0.1)
  const raw = span / 4
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= raw * (1 - 1e-9))!
  const first = Math.floor(low / step + 1e-9)
  const last = Math.max(first + 2, Math.ceil(high / step - 1e-9))
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

const shown = (value: number): string => String(Number(value.toPrecision(3)))

const escaped = (words: string): string => words.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!) // prettier-ignore
