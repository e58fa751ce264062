// When the feet stand: low over the lowest they get, and slow. Shown in the timeline, so that sliding feet are found by eye.
import type { JointName } from '../../main/motion'
import { spansOf } from './motion-rows'

export interface Contacts {
  /** Frames first..last. */
  readonly left: readonly (readonly [number, number])[]
  readonly right: readonly (readonly [number, number])[]
}

/** Metres above the lowest place of the soles, and metres per second along the ground. */
const low = 0.05
const slow = 0.55

/** From joints [frames, names, 3] in metres, y up. */
export function contactsOf(names: readonly JointName[], joints: Float32Array, fps: number): Contacts {
  const frames = joints.length / (names.length * 3)
  const at = (frame: number, name: JointName, axis: number) =>
    joints[(frame * names.length + names.indexOf(name)) * 3 + axis]
  const points = (['left', 'right'] as const).map((side) => [`${side}Heel`, `${side}ToeTip`] as const)
  let ground = Infinity
  for (let frame = 0; frame < frames; frame++)
    for (const name of points.flat()) ground = Math.min(ground, at(frame, name, 1))

  const stands = (frame: number, name: JointName) => {
    const [before, after] = [Math.max(0, frame - 1), Math.min(frames - 1, frame + 1)]
    const way = Math.hypot(at(after, name, 0) - at(before, name, 0), at(after, name, 2) - at(before, name, 2))
    return at(frame, name, 1) - ground < low && way * fps <= slow * Math.max(1, after - before)
  }
  const [left, right] = points.map((soles) =>
    spansOf(Array.from({ length: frames }, (_, frame) => soles.some((name) => stands(frame, name)))),
  )
  return { left, right }
}
