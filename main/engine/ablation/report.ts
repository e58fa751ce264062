// What an ablation's runs say together: per row the mean over seeds with its interval, per pair of rows whether the paper's ordering holds.
import type { Budget } from './budget'
import { measureNames, measures, tables, variantName } from './plan'
import type { Measure, Row, Table, TableName } from './plan'
import type { Result } from './run'
import { compare, estimate } from './statistics'
import type { Comparison, Estimate } from './statistics'

export interface RowReport {
  readonly label: string
  readonly variant: string
  readonly parameters: number
  readonly gigaflops: Result['gigaflops']
  readonly metrics: Readonly<Partial<Record<Measure, Estimate>>>
}

/** "The first row is better than this one", measure by measure: the paper's ordering. */
export interface ClaimReport {
  readonly better: string
  readonly worse: string
  readonly metrics: Readonly<Partial<Record<Measure, Comparison>>>
}

export interface TableReport {
  readonly title: string
  readonly rows: readonly RowReport[]
  readonly claims: readonly ClaimReport[]
}

export interface Report {
  readonly budget: Budget
  readonly seeds: readonly number[]
  readonly tables: Readonly<Partial<Record<TableName, TableReport>>>
  readonly runs: readonly Result[]
}

/** The report on `names`; `runs` holds every variant with every seed. */
export function makeReport(
  names: readonly TableName[],
  seeds: readonly number[],
  runs: readonly Result[],
  budget: Budget,
): Report {
  const found = (row: Row) =>
    seeds.map((seed) => runs.find((run) => run.seed === seed && run.variant === variantName(row.variant))!)
  return {
    budget,
    seeds,
    tables: Object.fromEntries(names.map((name) => [name, tableReport(tables[name], found)])),
    runs,
  }
}

function tableReport({ title, rows }: Table, runsOf: (row: Row) => Result[]): TableReport {
  /** The measure over the seeds; undefined where a run lacks it. */
  const values = (row: Row, name: Measure) => {
    const all = runsOf(row).map(({ metrics }) => metrics[name] ?? NaN)
    return all.every(Number.isFinite) ? all : undefined
  }
  const first = rows[0]!
  return {
    title,
    rows: rows.map((row) => {
      const { parameters, gigaflops } = runsOf(row)[0]!
      return { label: row.label, variant: variantName(row.variant), parameters, gigaflops, metrics: perMeasure((name) => {
        const all = values(row, name)
        return all && estimate(all)
      }) } // prettier-ignore
    }),
    claims: rows.slice(1).map((row) => ({
      better: first.label,
      worse: row.label,
      metrics: perMeasure((name) => {
        const [a, b] = [values(first, name), values(row, name)]
        return a && b && compare(a, b, measures[name].better)
      }),
    })),
  }
}

function perMeasure<T>(of: (name: Measure) => T | undefined): Partial<Record<Measure, T>> {
  const entries = measureNames.map((name) => [name, of(name)] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

/** The tables in Markdown, aligned so that they read well on a terminal, too. */
export function markdown({ tables, seeds }: Report): string {
  return Object.values(tables)
    .map(({ title, rows, claims }) => {
      const names = measureNames.filter((name) => rows.some(({ metrics }) => metrics[name]))
      const heads = names.map((name) => `${measures[name].label} ${measures[name].better === 'higher' ? '↑' : '↓'}`)
      const figures = rows.map(({ label, parameters, gigaflops, metrics }) => [
        label,
        ...names.map((name) => interval(metrics[name], measures[name].digits)),
        `${(parameters / 1000).toFixed(0)} k`,
        `${gigaflops.control.toFixed(2)} / ${gigaflops.joint.toFixed(2)}`,
      ])
      const orderings = claims.map(({ better, worse, metrics }) => [
        `${better} before ${worse}`,
        ...names.map((name) => {
          const of = metrics[name]
          return of ? `${interval(of, measures[name].digits)} ${of.verdict}` : '-'
        }),
      ])
      return [
        `### ${title}`,
        `Mean over ${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'} ± half the 95% interval (Student's t).`,
        grid([['', ...heads, 'weights', 'GFLOP a step'], ...figures]),
        "The paper's order: how much better the first is, seed by seed, and whether that is more than chance.",
        grid([['', ...heads], ...orderings]),
      ].join('\n\n')
    })
    .join('\n\n')
}

function interval(of: Estimate | undefined, digits: number): string {
  if (!of) return '-'
  return of.half === Infinity ? of.mean.toFixed(digits) : `${of.mean.toFixed(digits)} ± ${of.half.toFixed(digits)}`
}

function grid([head, ...rows]: readonly (readonly string[])[]): string {
  const widths = head!.map((_, column) => Math.max(...[head!, ...rows].map((row) => row[column]!.length)))
  const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`
  return [line(head!), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n')
}
