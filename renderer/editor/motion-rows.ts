// The timeline's rows: one per part of the body, with the frames at which the chosen motion has keys there. Footage (2D poses) has no
// keys; its rows show while a part is seen.
import { BODY, fingerBones, goesRound } from '../../main/motion'
import type { BoneName, Key, Keypoints, Motion } from '../../main/motion'

export type RowSide = 'framing' | 'center' | 'left' | 'right'

export interface Row {
  readonly name: string
  readonly side: RowSide
  /** Frames of the clip, ascending, not always whole. */
  readonly keys: readonly number[]
  /** Frames first..last in which the part is seen (footage only). */
  readonly spans: readonly (readonly [number, number])[]
}

/** A run of keys too close to be told apart, or a single one (from === to). In the unit of the keys. */
export interface Run {
  readonly from: number
  readonly to: number
  readonly count: number
}

const FINGERS = ['Thumb', 'Index', 'Middle', 'Ring', 'Little'] as const

const parts: readonly { readonly name: string; readonly side: RowSide; readonly bones: readonly BoneName[] }[] = [
  { name: 'Spine + head', side: 'center', bones: ['spine', 'chest', 'upperChest', 'neck', 'head'] },
  ...sides('arm', (s) => [`${s}Shoulder`, `${s}UpperArm`, `${s}LowerArm`]),
  ...sides('hand', (s) => [`${s}Hand`, ...FINGERS.flatMap((finger) => fingerBones(s, finger))]),
  ...sides('leg', (s) => [`${s}UpperLeg`, `${s}LowerLeg`, `${s}Foot`, `${s}Toes`]),
]

/** As in the design: arm and hand of a side together, then the other side, then the legs. */
const order = [
  'Framing',
  'Root',
  'Spine + head',
  'Left arm',
  'Left hand',
  'Right arm',
  'Right hand',
  'Left leg',
  'Right leg',
]

/** Rows of a motion's keys within a clip of `frames` at `fps`; a looping motion's keys come again each round. */
export function keyRows(motion: Motion, clip: { readonly fps: number; readonly frames: number }): Row[] {
  const row = (name: string, side: RowSide, tracks: readonly (readonly Key<unknown>[])[]): Row => ({
    name,
    side,
    keys: framesOf(
      tracks.flatMap((keys) => keys.map((key) => key.time)),
      motion,
      clip,
    ),
    spans: [],
  })
  const { framing, root, bones } = motion
  const rows = [
    // A camera that only follows or stands is said once, at the beginning.
    row('Framing', 'framing', [
      framing.mode === 'keys' ? framing.keys.map(({ time }) => ({ time, value: 0 })) : [{ time: 0, value: 0 }],
    ]),
    row('Root', 'center', [root, bones.hips ?? []]),
    ...parts.map(({ name, side, bones: names }) =>
      row(
        name,
        side,
        names.map((bone) => bones[bone] ?? []),
      ),
    ),
  ]
  return order.map((name) => rows.find((one) => one.name === name)!)
}

function framesOf(times: readonly number[], motion: Motion, { fps, frames }: { fps: number; frames: number }) {
  const found = new Set<number>()
  const rounds = goesRound(motion) ? Math.ceil(frames / fps / motion.duration) : 1
  for (let round = 0; round < rounds; round++)
    for (const time of times) {
      const frame = (time + round * motion.duration) * fps
      if (frame <= frames - 1 + 1e-6) found.add(Math.round(frame * 1000) / 1000)
    }
  return [...found].sort((a, b) => a - b)
}

const seenParts: readonly { name: string; side: RowSide; of: 'body' | 'leftHand' | 'rightHand'; points: number[] }[] = [
  { name: 'Spine + head', side: 'center', of: 'body', points: [BODY.neck, BODY.nose] },
  { name: 'Left arm', side: 'left', of: 'body', points: [BODY.leftShoulder, BODY.leftElbow, BODY.leftWrist] },
  { name: 'Left hand', side: 'left', of: 'leftHand', points: [9, 12] },
  { name: 'Right arm', side: 'right', of: 'body', points: [BODY.rightShoulder, BODY.rightElbow, BODY.rightWrist] },
  { name: 'Right hand', side: 'right', of: 'rightHand', points: [9, 12] },
  { name: 'Left leg', side: 'left', of: 'body', points: [BODY.leftHip, BODY.leftKnee, BODY.leftAnkle] },
  { name: 'Right leg', side: 'right', of: 'body', points: [BODY.rightHip, BODY.rightKnee, BODY.rightAnkle] },
]

/** Rows of footage: while at least one point of the part is seen. */
export function seenRows(poses: readonly Keypoints[]): Row[] {
  return seenParts.map(({ name, side, of, points }) => ({
    name,
    side,
    keys: [],
    spans: spansOf(poses.map((pose) => points.some((point) => pose[of][point * 3 + 2] > 0.05))),
  }))
}

/** First and last index of each run of `true`. */
export function spansOf(flags: readonly boolean[]): [number, number][] {
  const spans: [number, number][] = []
  flags.forEach((flag, i) => {
    if (!flag) return
    if (i > 0 && flags[i - 1]) spans.at(-1)![1] = i
    else spans.push([i, i])
  })
  return spans
}

/** Keys closer than `least` to each other become runs: a mocap row is bands, a keyed one diamonds. `places` ascending. */
export function runsOf(places: readonly number[], least: number): Run[] {
  const runs: { from: number; to: number; count: number }[] = []
  for (const place of places) {
    const last = runs.at(-1)
    if (last && place - last.to < least) {
      last.to = place
      last.count++
    } else runs.push({ from: place, to: place, count: 1 })
  }
  return runs
}

function sides(part: string, bones: (side: 'left' | 'right') => BoneName[]) {
  return (['left', 'right'] as const).map((side) => ({
    name: `${side === 'left' ? 'Left' : 'Right'} ${part}`,
    side,
    bones: bones(side),
  }))
}
