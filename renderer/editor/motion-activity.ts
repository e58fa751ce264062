// How much each part of the body moves from frame to frame: where keys are too dense to be told apart, this is what a row can say.
import type { JointName } from '../../main/motion'

/** By the row's name: [frames], 0..1 of the part's own fastest. */
export type Activity = Readonly<Record<string, Float32Array>>

/** The joint that tells of a part, and the one its movement is against; Root moves against the world. */
const tellers: readonly (readonly [row: string, joint: JointName, against: JointName | undefined])[] = [
  ['Root', 'hips', undefined],
  ['Spine + head', 'headTop', 'hips'],
  ['Left arm', 'leftHand', 'neck'],
  ['Left hand', 'leftMiddleTip', 'leftHand'],
  ['Right arm', 'rightHand', 'neck'],
  ['Right hand', 'rightMiddleTip', 'rightHand'],
  ['Left leg', 'leftFoot', 'hips'],
  ['Right leg', 'rightFoot', 'hips'],
]

/** Metres in a frame below which a part counts as still, however little the rest of it moves. */
const least = 0.004

/** From joints [frames, names, 3] in metres. */
export function activityOf(names: readonly JointName[], joints: Float32Array): Activity {
  const frames = joints.length / (names.length * 3)
  const place = (frame: number, name: JointName, axis: number) =>
    joints[(frame * names.length + names.indexOf(name)) * 3 + axis]
  const activity: Record<string, Float32Array> = {}
  for (const [row, joint, against] of tellers) {
    const ways = new Float32Array(frames)
    for (let frame = 1; frame < frames; frame++) {
      const moved = [0, 1, 2].map((axis) => {
        const at = (f: number) => place(f, joint, axis) - (against ? place(f, against, axis) : 0)
        return at(frame) - at(frame - 1)
      })
      ways[frame] = Math.hypot(...moved)
    }
    if (frames > 1) ways[0] = ways[1]
    const most = ways.reduce((a, b) => Math.max(a, b), least)
    activity[row] = ways.map((way) => way / most)
  }
  return activity
}
