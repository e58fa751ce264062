// How much synthetic footage this machine makes: clips an hour by one thread and by as many as there are cores, in turn, so that other
// users of the machine come and go for both. Run with `npm run bench:footage`.
import { availableParallelism } from 'node:os'
import * as synth from '../../main/engine/synth'
import type { SynthOptions } from '../../main/engine/synth'
import { ClipMakers } from '../../main/engine/synth/makers'
import { synthOptions, unseenSeeds } from '../../main/engine/training/synthetic'
import { median, msOf } from './rate'

const rounds = 5
const threads = availableParallelism()
const makers = new ClipMakers(threads)

const kinds = [
  ['whole clips', 'generateClip', 12],
  ['places', 'samplePlace', 60],
  ['poses', 'samplePoseAndFlow', 300],
] as const

const shape = { frames: synth.SYNTH_FRAMES, fps: synth.SYNTH_FPS, sizes: synth.SYNTH_SIZES }

const perHour = (count: number, ms: number): string => Math.round((3_600_000 * count) / ms).toLocaleString('en')

for (const [what, maker, count] of kinds) {
  const clips = (round: number): SynthOptions[] =>
    Array.from({ length: count }, (_, i) => synthOptions(unseenSeeds + round * count, i, shape))
  const alone = (round: number) => clips(round).forEach((options) => synth[maker](options))
  const together = (round: number) => Promise.all(clips(round).map((options) => makers.make(maker, options)))
  const times: [one: number, all: number][] = []
  // The first round starts the threads and lets the code be compiled.
  for (let round = 0; round <= rounds; round++)
    times.push([await msOf(() => alone(round)), await msOf(() => together(round))])
  const measured = times.slice(1)
  const [one, all] = [median(measured.map(([t]) => t)), median(measured.map(([, t]) => t))]
  const ratio = median(measured.map(([a, b]) => a / b))
  console.log(
    `${what.padEnd(12)} ${perHour(count, one)} an hour by one thread, ${perHour(count, all)} by ${threads}: ${ratio.toFixed(2)} times as many`,
  )
}
await makers.close()
