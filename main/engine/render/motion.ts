// Motions from the artist's files: BVH and the project's own motion files are framed by a camera, OpenPose files and folders already are.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { UserError, reason } from '../../media/errors'
import { frameCount, importOpenPose, parseJson, projectMotion, readMotionContent, resamplePoses } from '../../motion'
import type { PoseSequence } from '../../motion'

export interface MotionOptions {
  readonly width: number
  readonly height: number
  readonly fps: number
  /** Frames of the clip; the motion's own length, up to ten seconds, when absent. */
  readonly frames?: number
}

/** Longer motions are cut when no length is asked for, so that a forgotten flag does not cost an hour. */
const mostSeconds = 10

/** The poses of a motion file, OpenPose file or OpenPose folder at this size and rate. Throws UserError or MotionError. */
export function loadPoses(file: string, { width, height, fps, frames }: MotionOptions): PoseSequence {
  if (!existsSync(file)) throw new UserError(`motion "${file}" does not exist`)
  const cut = (own: number) => frames ?? Math.min(own, Math.round(mostSeconds * fps))
  const resampled = (poses: PoseSequence) =>
    resamplePoses(poses, fps, cut(Math.max(1, Math.round((poses.frames.length / poses.fps) * fps))))
  if (statSync(file).isDirectory()) return resampled(importOpenPose(openPoseFiles(file)))
  const content = readMotionContent(readFileSync(file, 'utf8'), path.basename(file))
  if (content.kind === 'poses') return resampled(content.poses)
  return projectMotion(content.motion, { width, height, fps, frames: cut(frameCount(content.motion, fps)) })
}

function openPoseFiles(folder: string): { name: string; json: unknown }[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  if (names.length === 0) throw new UserError(`motion folder "${folder}" holds no .json files of key points`)
  return names.map((name) => {
    try {
      return { name, json: parseJson(readFileSync(path.join(folder, name), 'utf8')) }
    } catch (error) {
      throw new UserError(`motion folder "${folder}": ${name} is not JSON (${reason(error)})`)
    }
  })
}
