// Writing poses down as keyframe tracks, small: rounded far below what can be seen, and one key for what never moves.

import type { Key, Motion, Pose, Quat, Vec3 } from './motion'
import type { BoneName } from './rig'

/** Tracks of the given poses, which are in order of time (seconds). */
export function writeTracks(poses: readonly { time: number; pose: Pose }[]): Pick<Motion, 'root' | 'bones'> {
  const root: Key<Vec3>[] = []
  const bones: Motion['bones'] = {}
  for (const { time, pose } of poses) {
    root.push({ time, value: rounded(pose.root.toArray()) })
    for (const [bone, turn] of Object.entries(pose.rotations)) {
      ;(bones[bone as BoneName] ??= []).push({ time, value: rounded(turn.toArray() as Quat) })
    }
  }
  for (const keys of Object.values(bones)) {
    if (keys.every(({ value }) => value.every((v, i) => v === keys[0]!.value[i]))) keys.length = 1
  }
  return { root, bones }
}

function rounded<T extends number[]>(values: T): T {
  return values.map((v) => Math.round(v * 1e6) / 1e6 + 0) as T // + 0: no negative zero
}
