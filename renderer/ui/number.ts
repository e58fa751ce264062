// What typing and dragging do to a number: parse, clamp, snap, show.

export interface NumberRange {
  readonly min: number
  readonly max: number
  /** Arrow keys and dragging move by it; typed values snap to it when `snap` is set. */
  readonly step: number
  readonly snap?: boolean
  /** Decimals kept and shown. */
  readonly decimals?: number
}

/** `value` brought into the range, onto its grid and to its decimals. */
export function fit(value: number, { min, max, step, snap = false, decimals = 0 }: NumberRange): number {
  const snapped = snap ? Math.round(value / step) * step : value
  // A grid may miss the ends of the range: stay inside it.
  const low = snap ? Math.ceil(min / step) * step : min
  const high = snap ? Math.floor(max / step) * step : max
  const clamped = Math.min(high, Math.max(low, snapped))
  const power = 10 ** decimals
  return Math.round(clamped * power) / power
}

/** A number typed by a person: '1 280', '2,5' and '640/2' work. undefined: no number. */
export function parseNumber(text: string): number | undefined {
  const parts = text
    .replaceAll(/[\s_']/g, '')
    .replace(',', '.')
    .split(/([*/])/)
  let value = numeral(parts[0])
  for (let i = 1; i < parts.length && value !== undefined; i += 2) {
    const next = numeral(parts[i + 1])
    value = next === undefined ? undefined : parts[i] === '*' ? value * next : value / next
  }
  return value !== undefined && Number.isFinite(value) ? value : undefined
}

function numeral(text: string | undefined): number | undefined {
  return text !== undefined && /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : undefined
}

/** At most `decimals` places, no trailing zeros. */
export const showNumber = (value: number, decimals = 0): string => String(Number(value.toFixed(decimals)))
