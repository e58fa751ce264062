// The person detector and the pose landmark networks of @mediapipe/pose (Apache-2.0), taken from that npm package and run as programs of
// our own. Loaded on first use and kept: compiling the largest takes about a second.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { UserError, packageFolder, reason } from '../../media'
import { compile } from '../backends/onnx'
import { hostTensor } from '../ir'
import { parseTflite } from '../weights/tflite'
import { importTflite } from '../weights/tflite-import'
import { DETECTOR_SIDE } from './detector'
import { LANDMARK_SIDE, type LandmarkOutputs } from './landmarks'

/** Sizes of the landmark network: heavy is the most exact, lite the fastest. */
export const POSE_MODELS = ['lite', 'full', 'heavy'] as const
export type PoseModel = (typeof POSE_MODELS)[number]

/** Names of the landmark network's outputs, in the file's order. */
export const LANDMARK_OUTPUTS = ['landmarks', 'score', 'mask', 'heatmap', 'world'] as const
export const DETECTOR_OUTPUTS = ['boxes', 'scores'] as const

function read(file: string): Uint8Array {
  try {
    return readFileSync(path.join(packageFolder('@mediapipe/pose'), file))
  } catch (error) {
    throw new UserError(
      `the pose model ${file} of the npm package @mediapipe/pose cannot be read (${reason(error)}); run "npm ci"`,
    )
  }
}

/** The landmark model's file. */
export const landmarkFile = (model: PoseModel): Uint8Array => read(`pose_landmark_${model}.tflite`)

/** The detector's file, cut out of the package's packed assets at the offsets that its loader script lists. */
export function detectorFile(): Uint8Array {
  const loader = new TextDecoder().decode(read('pose_solution_packed_assets_loader.js'))
  const entry = /pose_detection\.tflite",\s*"start":\s*(\d+),\s*"end":\s*(\d+)/.exec(loader)
  if (!entry) throw new UserError('the npm package @mediapipe/pose does not list its person detector; run "npm ci"')
  return read('pose_solution_packed_assets.data').subarray(Number(entry[1]), Number(entry[2]))
}

/** Runs a network on one square view [side, side, 3]. */
type Network<Output extends string> = (view: Float32Array) => Promise<Record<Output, Float32Array>>

async function network<Output extends string>(
  file: Uint8Array,
  name: string,
  side: number,
  outputs: readonly Output[],
): Promise<Network<Output>> {
  const program = importTflite(parseTflite(file, name), outputs)
  const executable = await compile(program, { provider: 'cpu' }) // a run or two per picture: a card's shaders would take longer to make
  const input = program.inputs[0]!.name!
  return async (view) => {
    const results = await executable.run({ [input]: hostTensor(view, [1, side, side, 3]) })
    return Object.fromEntries(outputs.map((output) => [output, results[output]!.data as Float32Array])) as Record<
      Output,
      Float32Array
    >
  }
}

const loaded = new Map<string, Promise<unknown>>()
function once<T>(name: string, load: () => Promise<T>): Promise<T> {
  const known = loaded.get(name)
  if (known) return known as Promise<T>
  const loading = load()
  loaded.set(name, loading)
  loading.catch(() => loaded.delete(name))
  return loading
}

/** View 224x224 in -1..1 (outside black) -> boxes [2254,12], scores [2254]. */
export const detectorNetwork = (): Promise<Network<'boxes' | 'scores'>> =>
  once('detector', () => network(detectorFile(), 'pose_detection.tflite', DETECTOR_SIDE, DETECTOR_OUTPUTS))

/** View 256x256 in 0..1 -> `LandmarkOutputs`. */
export const landmarkNetwork = (model: PoseModel): Promise<(view: Float32Array) => Promise<LandmarkOutputs>> =>
  once(model, () => network(landmarkFile(model), `pose_landmark_${model}.tflite`, LANDMARK_SIDE, LANDMARK_OUTPUTS))
