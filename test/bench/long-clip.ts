// A long clip, thought in many windows: is a join seen, does the place's colour drift, does the camera jump? Somebody walks along a curve
// for twenty seconds before one of our places. Prints, for joins of windows and elsewhere, how much the camera's step and the picture change
// from frame to frame; the drift of the place's mean colour (share of the range, worst frame) where it is still what the first frame showed;
// seconds and peak memory. Exits 1 when a join stands out or the colour drifts by 2% or more. Run with `npm run bench:long`.
//   -- --human FILE --background FILE --seconds 20 --side 640 --model mini|FILE
import { parseArgs } from 'node:util'
import { compile } from '../../main/engine/backends/onnx'
import { planWindows, windowOverlap as overlap } from '../../main/engine/diffusion/windows'
import { hostTensor, input, program } from '../../main/engine/ir'
import { backgroundFlow, cameraNumbers, planes, thinkingSize } from '../../main/engine/models/animate-anywhere'
import { fitBackground, reachOf } from '../../main/engine/render/background'
import { findHuman } from '../../main/engine/render/clip'
import { openComposer } from '../../main/engine/render/composing'
import { prepareHuman } from '../../main/engine/render/human'
import { loadModel, usualSettings } from '../../main/engine/render/model'
import { think } from '../../main/engine/render/thinking'
import { flattenPicture, readPicture, resizePicture } from '../../main/media/pictures'
import { projectMotion, retarget, scaleKeypoints, walk } from '../../main/motion'

const { values } = parseArgs({
  options: {
    human: { type: 'string', default: 'assets/humans/tom.png' },
    background: { type: 'string', default: 'assets/backgrounds/promenade.jpg' },
    seconds: { type: 'string', default: '20' },
    side: { type: 'string', default: '640' },
    model: { type: 'string', default: 'mini' },
  },
})
const started = performance.now()
const model = loadModel(values.model)
const { fps } = model.config
const { steps } = usualSettings(model)
const seconds = Number(values.seconds)
const place = await readPicture(values.background)
const width = Number(values.side)
const height = 2 * Math.round((width * 9) / 32)
const found = await findHuman(values.human)
const motion = walk({ seconds, heading: (time) => 0.9 * Math.sin((2 * Math.PI * time) / 9) + 0.6 })
const driving = projectMotion(motion, { width, height, fps, frames: Math.round(seconds * fps) })
const poses = retarget(driving, { ...found.picture, keypoints: found.keypoints }, { width, height })
const ground = await fitBackground(place, width, height)
const small = thinkingSize(model.config, width, height)
const human = await prepareHuman({ ...found, picture: flattenPicture(found.picture) }, small)
const shown = await resizePicture(ground.first, small.width, small.height)
const thoughts = await think({
  ...{ model, human, ...small, steps, guidance: { reference: 2.5, pose: 2.5 }, bml: 1, hint: 'auto', seed: 0 },
  background: planes(shown.data),
  reach: reachOf(ground.view, width, height),
  poses: poses.frames.map((pose) => scaleKeypoints(pose, small.width / width, small.height / height)),
})

/** Where each pixel of frame t was in frame 0, as displacements [2, H, W] in pixels. */
const [, , rows, columns] = thoughts.nearness.shape as [number, number, number, number]
const nearness = input('nearness', [1, 1, rows, columns])
const flowProgram = await compile(
  program('flow', {
    flow: backgroundFlow(input('path', [1, 1, cameraNumbers]), nearness, width, height, height, width),
  }),
)
const path = thoughts.path.data as Float32Array
async function flowOf(t: number): Promise<Float32Array> {
  const camera = path.slice(t * cameraNumbers, (t + 1) * cameraNumbers)
  const { flow } = await flowProgram.run({
    path: hostTensor(camera, [1, 1, cameraNumbers]),
    nearness: thoughts.nearness,
  })
  return flow!.data as Float32Array
}

const first = (await resizePicture(ground.first, width, height)).data
const composer = await openComposer(thoughts, human.native, poses, {
  ...ground.picture,
  picture: planes(ground.picture.data),
  view: ground.view,
})
const area = width * height
/** Mean colour of the place in frame t less that of the same part of frame 0, worst channel, 0..1; undefined when little of it is left. */
async function driftOf(t: number, picture: Uint8Array, person: Uint8Array): Promise<number | undefined> {
  const flow = await flowOf(t)
  const [now, then] = [new Float64Array(3), new Float64Array(3)]
  let counted = 0
  for (let i = 0; i < area; i++) {
    if (person[i]! > 3) continue
    const x = Math.floor((i % width) + 0.5 + flow[i]!)
    const y = Math.floor(Math.floor(i / width) + 0.5 + flow[area + i]!)
    if (x < 0 || y < 0 || x >= width || y >= height) continue
    counted++
    for (let c = 0; c < 3; c++) {
      now[c]! += picture[i * 3 + c]!
      then[c]! += first[(y * width + x) * 3 + c]!
    }
  }
  if (counted < 0.05 * area) return undefined
  return Math.max(...now.map((sum, c) => Math.abs(sum - then[c]!) / counted / 255))
}

const drifts: number[] = []
const changes: number[] = [] // of frame t from t - 1, mean over all pixels, levels
let before: Uint8Array | undefined
for (let t = 0; t < poses.frames.length; t++) {
  const { picture, person } = await composer.frame(t, t)
  const drift = await driftOf(t, picture, person)
  if (drift !== undefined) drifts.push(drift)
  if (before) changes.push(picture.reduce((sum, v, i) => sum + Math.abs(v - before![i]!), 0) / picture.length)
  before = picture
}
await composer.dispose()

/** Camera's acceleration in pixels per frame and frame: of the frame's middle, and of its zoom and roll at the frame's edge. */
const placeAt = (t: number, k: number) => path[t * cameraNumbers + k]! + (k < 2 ? path[t * cameraNumbers + 4 + k]! : 0)
const step = (t: number, k: number) => placeAt(t + 1, k) - placeAt(t, k)
const reach = [Math.sqrt(area), Math.sqrt(area), Math.max(width, height) / 2, Math.max(width, height) / 2]
const accelerations = Array.from({ length: poses.frames.length - 2 }, (_, t) =>
  Math.hypot(...reach.map((pixels, k) => (step(t + 1, k) - step(t, k)) * pixels)),
)
const windows = planWindows(poses.frames.length, model.config.frames, overlap)
const joins = new Set(windows.slice(1).flatMap(({ start }) => Array.from({ length: overlap + 1 }, (_, i) => start + i)))
const at = (series: readonly number[], offset: number, joined: boolean) =>
  series.filter((_, t) => joins.has(t + offset) === joined)
const mean = (of: readonly number[]) => of.reduce((a, b) => a + b, 0) / of.length
const row = (name: string, of: readonly number[]) => {
  const sorted = [...of].sort((a, b) => a - b)
  const shown = [mean(of), sorted[Math.floor(0.95 * (sorted.length - 1))]!, sorted.at(-1)!]
  console.log(`${name.padEnd(44)}${shown.map((v) => v.toFixed(2).padStart(9)).join('')}`)
}
console.log(`${poses.frames.length} frames of ${width}x${height}, ${windows.length} windows`)
console.log(''.padEnd(44) + ['mean', '95%', 'most'].map((v) => v.padStart(9)).join(''))
row('camera acceleration at joins, px', at(accelerations, 1, true))
row('camera acceleration elsewhere, px', at(accelerations, 1, false))
row('change of the picture at joins, levels', at(changes, 1, true))
row('change of the picture elsewhere, levels', at(changes, 1, false))
const worst = Math.max(...drifts)
console.log(
  `the place's mean colour drifts ${(100 * worst).toFixed(2)}% at most (${drifts.length} frames show enough of the first)`,
)
const peak = process.resourceUsage().maxRSS / 1024 ** 2
console.log(`${((performance.now() - started) / 1000).toFixed(1)} s, peak memory ${peak.toFixed(2)} GiB`)
const ratio = (series: readonly number[]) => mean(at(series, 1, true)) / mean(at(series, 1, false))
process.exitCode = ratio(accelerations) > 1.5 || ratio(changes) > 1.2 || worst >= 0.02 ? 1 : 0
