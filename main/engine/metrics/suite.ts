// The metrics that cost more than a look at the pixels, by name: computed only when asked for, each with the files it needs and the proxy
// that stands in where the user has none.
import { UserError } from '../../media/errors'
import { openFid } from './fid'
import { openFvd, openFvdHumanVid } from './fvd'
import { humanVidFrames } from './humanvid'
import { ssimHumanVid } from './image'
import { openKeypoints } from './keypoints'
import { openLpips } from './lpips'
import { concluded } from './meter'
import type { ClipPair, Figure, Meter } from './meter'
import { openFidProxy, openFvdProxy, openLpipsProxy } from './proxies'

/** Metrics that anyone can compute. */
const own = {
  keypoints: openKeypoints,
  ssim_humanvid: openSsimHumanVid,
  lpips_proxy: openLpipsProxy,
  fid_proxy: openFidProxy,
  fvd_proxy: openFvdProxy,
} as const satisfies Record<string, () => Meter>

/** Metrics that look through networks of the user's, and what stands in without them. */
const brought = {
  lpips: { open: (folder: string) => openLpips(folder, false), proxy: 'lpips_proxy' },
  lpips_humanvid: { open: (folder: string) => openLpips(folder, true), proxy: 'lpips_proxy' },
  fid: { open: (folder: string) => openFid(folder, false), proxy: 'fid_proxy' },
  fid_humanvid: { open: (folder: string) => openFid(folder, true), proxy: 'fid_proxy' },
  fvd: { open: openFvd, proxy: 'fvd_proxy' },
  fvd_humanvid: { open: openFvdHumanVid, proxy: 'fvd_proxy' },
} as const satisfies Record<string, { open: (folder: string) => Meter; proxy: keyof typeof own }>

type Own = keyof typeof own
type Brought = keyof typeof brought
export type SuiteMetric = Own | Brought
export const suiteMetrics = [...Object.keys(brought), ...Object.keys(own)] as SuiteMetric[]

const isOwn = (name: SuiteMetric): name is Own => Object.hasOwn(own, name)

/** Figures of one clip, by metric. */
export type SuiteFigures = Readonly<Record<string, Figure>>

export interface Suite {
  /** The metrics that are computed: those asked for, or their proxies. */
  readonly names: readonly SuiteMetric[]
  /** One line that says which metrics are proxies and why; absent when none is. */
  readonly note?: string
  clip(pair: ClipPair): Promise<SuiteFigures>
  dispose(): Promise<void>
}

/** Each metric over all clips. NaN where no clip allows it. */
export const concludeAll = (names: readonly SuiteMetric[], clips: readonly SuiteFigures[]): Record<string, number> =>
  Object.fromEntries(names.map((name) => [name, concluded(clips.map((clip) => clip[name]!))]))

/**
 * Opens `wanted`. Without a `folder` of weights, metrics that need some give way to their proxies, and `note` says so. With one, a file
 * that is missing is a UserError that says how to make it.
 */
export function openSuite(wanted: readonly SuiteMetric[], folder?: string): Suite {
  const meters = new Map<SuiteMetric, Meter>()
  const replaced: string[] = []
  for (const name of wanted) {
    if (isOwn(name)) meters.set(name, own[name]())
    else if (folder !== undefined) meters.set(name, brought[name].open(folder))
    else {
      const { proxy } = brought[name]
      replaced.push(`${proxy} for ${name}`)
      meters.set(proxy, own[proxy]())
    }
  }
  return {
    names: [...meters.keys()],
    ...(replaced.length > 0
      ? {
          note: `no --metric-weights: ${replaced.join(', ')}; our own filter bank, not comparable with published figures`,
        }
      : {}),
    clip: async (pair) => {
      const figures: [string, Figure][] = []
      for (const [name, meter] of meters) figures.push([name, await meter.clip(pair)])
      return Object.fromEntries(figures)
    },
    dispose: async () => {
      for (const meter of meters.values()) await meter.dispose()
    },
  }
}

/** Which of `names` are in the suite. Throws a UserError for a name that is neither there nor in `others`. */
export function suiteOf(names: readonly string[], others: readonly string[]): SuiteMetric[] {
  const inSuite = (name: string): name is SuiteMetric => (suiteMetrics as string[]).includes(name)
  const unknown = names.find((name) => !inSuite(name) && !others.includes(name))
  if (unknown !== undefined)
    throw new UserError(`--metrics: "${unknown}" is not one of ${[...others, ...suiteMetrics].join(', ')}`)
  return names.filter(inSuite)
}

function openSsimHumanVid(): Meter {
  return {
    clip: ({ produced, truth, width, height }) => {
      const picture = (data: Uint8Array) => ({ width, height, channels: 3, data })
      const values = humanVidFrames(produced.length).map((t) => ssimHumanVid(picture(produced[t]!), picture(truth[t]!)))
      return Promise.resolve({ values })
    },
    dispose: () => Promise.resolve(),
  }
}
