// The loss chart: one line per loss, the raw values faintly behind the smoothed ones.
import { useEffect, useMemo, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { LossPoint } from '../../../main/api'
import { rememberLayout, useSystem } from '../../app/stores/system'
import { Slider, Switch, Tooltip } from '../../ui'
import { useBox } from '../animate/canvas'
import { colours } from '../animate/colours'
import { curvesOf, lossName, lossText, lossWords } from './curves'
import type { Curves } from './curves'
import css from './training.module.css'

const preference = { log: 'train.log', smooth: 'train.smooth' }

export function LossChart({ points, of }: { points: readonly LossPoint[]; of: number }) {
  const layout = useSystem((state) => state.preferences.layout)
  const log = layout[preference.log] === true
  const kept = layout[preference.smooth]
  const smooth = typeof kept === 'number' ? kept : 0.8
  const curves = useMemo(() => curvesOf(points, smooth), [points, smooth])
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const [at, setAt] = useState<number>()
  const index = at ?? points.length - 1
  const lines = lineColours()

  const toggle = (name: string): void => {
    const next = new Set(hidden)
    if (!next.delete(name)) next.add(name)
    setHidden(next)
  }
  return (
    <section className={css.loss} aria-label="Loss">
      <header className={css.legend}>
        <h3>Loss</h3>
        {curves.names.map((name, i) => (
          <Tooltip key={name} text={lossWords[name]?.hint ?? name} side="bottom">
            <button type="button" className={css.series} aria-pressed={!hidden.has(name)} onClick={() => toggle(name)}>
              <i style={{ background: lines[i % lines.length] }} />
              {lossName(name)}
              <b>{lossText(curves.smooth[i][index])}</b>
            </button>
          </Tooltip>
        ))}
        <span className={css.gap} />
        {at !== undefined && <span className={css.at}>step {curves.steps[at]}</span>}
        <span className={css.smoothing}>
          Smoothing
          <Slider
            label="Smoothing"
            value={smooth}
            min={0}
            max={0.98}
            step={0.02}
            usual={0.8}
            withValue={false}
            onChange={(value) => rememberLayout(preference.smooth, value)}
          />
        </span>
        <Switch checked={log} onChange={(on) => rememberLayout(preference.log, on)}>
          Log scale
        </Switch>
      </header>
      <Chart curves={curves} hidden={hidden} log={log} of={of} onPoint={setAt} />
      <p className="visually-hidden" role="status">
        {points.length === 0
          ? 'No loss yet'
          : curves.names.map((name, i) => `${lossName(name)} ${lossText(curves.smooth[i].at(-1))}`).join(', ')}
      </p>
    </section>
  )
}

interface ChartProps {
  readonly curves: Curves
  readonly hidden: ReadonlySet<string>
  readonly log: boolean
  /** Steps of the whole run. */
  readonly of: number
  readonly onPoint: (index: number | undefined) => void
}

function Chart({ curves, hidden, log, of, onPoint }: ChartProps) {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const box = useBox(host)
  const names = curves.names.join()
  const data = [curves.steps, ...curves.names.flatMap((_, i) => [curves.raw[i], curves.smooth[i]])].map((column) =>
    // A logarithm knows no zero.
    log ? column.map((value) => (value !== null && value > 0 ? value : null)) : column,
  ) as uPlot.AlignedData

  useEffect(() => {
    if (!host.current || !box || curves.names.length === 0) return
    const made = new uPlot(options(curves.names, log, of, box, onPoint), data, host.current)
    plot.current = made
    return () => {
      made.destroy()
      plot.current = undefined
    }
  }, [names, log, of, box === undefined])
  useEffect(() => plot.current?.setData(data), [curves])
  useEffect(() => {
    if (box) plot.current?.setSize({ width: box.width, height: box.height })
  }, [box])
  useEffect(() => {
    curves.names.forEach((name, i) => {
      plot.current?.setSeries(1 + 2 * i, { show: !hidden.has(name) })
      plot.current?.setSeries(2 + 2 * i, { show: !hidden.has(name) })
    })
  }, [hidden, names, log])
  return (
    <div ref={host} className={css.chart} aria-hidden>
      {curves.names.length === 0 && <p>The curves appear with the first steps.</p>}
    </div>
  )
}

function options(
  names: readonly string[],
  log: boolean,
  of: number,
  box: { width: number; height: number },
  onPoint: ChartProps['onPoint'],
): uPlot.Options {
  const { fg2, line1, font } = colours()
  const lines = lineColours()
  const axis: uPlot.Axis = {
    stroke: fg2,
    font: `11px ${font}`,
    grid: { stroke: line1, width: 1 },
    ticks: { show: false },
  }
  return {
    width: box.width,
    height: box.height,
    padding: [8, 12, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: true, y: false }, points: { size: 6 } },
    scales: {
      x: { time: false, range: (_, min, max) => [min, Math.max(max, Math.min(of, 10), min + 1)] },
      y: log ? { distr: 3 } : {},
    },
    axes: [
      { ...axis, size: 28, incrs: wholeSteps },
      {
        ...axis,
        size: 56,
        values: (_, splits) => splits.map((value) => (value === null ? '' : String(Number(value.toPrecision(3))))),
      },
    ],
    series: [
      {},
      ...names.flatMap((name, i): uPlot.Series[] => {
        const stroke = lines[i % lines.length]
        return [
          { label: `${name} raw`, stroke: `${stroke}44`, width: 1, points: { show: false }, auto: false },
          { label: name, stroke, width: 2, points: { show: false } },
        ]
      }),
    ],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)] },
  }
}

/** A step is whole. */
const wholeSteps = Array.from({ length: 21 }, (_, i) => [1, 2, 5][i % 3] * 10 ** Math.floor(i / 3))

/** Amber for what is followed; the others keep clear of the colours of left and right. */
function lineColours(): string[] {
  const style = getComputedStyle(document.documentElement)
  const named = ['--accent', '--ok'].map((name) => style.getPropertyValue(name).trim())
  return [...named, '#a78bfa', '#c3c9d4', '#f472b6', '#5eead4']
}
