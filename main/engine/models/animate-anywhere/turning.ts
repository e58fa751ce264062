// How the outline of trunk and head changes as they turn: a flat piece of the reference picture is made narrower or broader, is mirrored
// where it would face the wrong way, and keeps to the side of its bone on which it lies.
import { breadth } from './bones'
import type { Turn } from './facing'
import type { BonePose } from './bone-pose'

/** Depth against breadth; fitted, like `behindEars`, to the outlines of 200 synthetic clips. */
const depth = { shoulders: 0.55, hips: 0.75, head: 1.05 }
/** How far the middle of a head in profile lies behind its ears, as a share of the body's height. */
const behindEars = 0.008

const widthAt = (deep: number, { cos, sin }: Turn) => Math.hypot(cos, deep * sin)

/**
 * The factor for distances across the torso at the hips, and what more it is at the shoulders, as a share (`PuppetMaps.taper`): turning narrows the
 * trunk, the shoulders most. A back view of a front picture is its mirror image; so is a person in profile who faces the other way.
 */
export function torsoTurn(
  own: BonePose,
  pose: BonePose,
  size: number,
  mirrored: number,
): { stretch: number; taper: number } {
  const broad = (width: number, of: number, deep: number) => {
    const cos = Math.min(Math.abs(width) / (breadth * of), 1)
    return widthAt(deep, { cos, sin: Math.sqrt(1 - cos * cos) })
  }
  const profile = Math.abs(own.width) < 0.1 * own.size
  const sign = profile ? mirrored : Math.sign(own.width * pose.width || 1)
  const stretch = (deep: number) => (sign * broad(own.width, own.size, deep)) / broad(pose.width, size, deep)
  const hips = stretch(depth.hips)
  return { stretch: hips, taper: stretch(depth.shoulders) / hips - 1 }
}

/**
 * From distances n across a head to those across the same head in the reference picture, in shares of the body's height:
 * n' = stretch n + offset. More of a head's depth lies behind the ears than before them, and facing the other way mirrors it.
 */
export function headTurn(turn: Turn | undefined, own: Turn | undefined): { stretch: number; offset: number } {
  if (!turn || !own) return { stretch: 1, offset: 0 }
  const middle = ({ sin }: Turn) => -behindEars * sin
  const mirrored = Math.min(Math.abs(turn.sin), Math.abs(own.sin)) > 0.15 ? Math.sign(turn.sin * own.sin) : 1
  const stretch = (mirrored * widthAt(depth.head, own)) / widthAt(depth.head, turn)
  return { stretch, offset: middle(own) - stretch * middle(turn) }
}
