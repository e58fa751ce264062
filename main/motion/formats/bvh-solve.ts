// From the places and turns of a foreign skeleton's joints to turns of our bones. Legs, arms and fingers go where the file's joints are
// (so the rest pose does not matter and feet keep their contact); trunk, head, hands and feet turn as the file's joints turn, against a
// neutral that is found in the rest pose or, where that is no standing person, in the motion itself.

import { Quaternion, Vector3 } from 'three'
import { LIMB_REST, axesTurn, limbTurn, solveLimb } from '../ik'
import type { LimbRest } from '../ik'
import { headingOf } from '../motion'
import { PELVIS, fingerBones } from '../rig'
import type { BoneName, Rig } from '../rig'
import { FINGERS } from './bvh-names'
import type { LimbPart, Side } from './bvh-names'
import { middleOf, partPlace, percentile } from './bvh-source'
import type { Source, SourceFrame } from './bvh-source'

const UP = new Vector3(0, 1, 0)
const SIDES = ['left', 'right'] as const

/** Where our hips are and how our bones turn in the world at one frame. */
export interface SolvedPose {
  root: Vector3
  world: Partial<Record<BoneName, Quaternion>>
}

/** One turn per frame. */
type Turns = Quaternion[]

/** Turns the motion of foreign joints into turns of our bones. */
export class Solver {
  constructor(
    private readonly source: Source,
    private readonly rig: Rig,
  ) {}

  solve(): SolvedPose[] {
    const { map, frames } = this.source
    const hips = this.trunk(map.hips, (frame) => this.across(frame, 'upperLeg'), 'upperLeg')
    const chest = this.trunk(map.chest, (frame) => this.across(frame, 'upperArm'), 'upperLeg')
    const head = this.calibrated(
      map.head,
      frames.map((_, i) => new Quaternion().setFromAxisAngle(UP, headingOf(chest[i]!))),
    )
    const parts = SIDES.map((side) => ({
      side,
      arm: this.arm(side, chest),
      ...this.foot(side),
      knee: this.hinges(side, 'upperLeg', hips),
    }))
    return frames.map((frame, i) => {
      const world: SolvedPose['world'] = {
        hips: hips[i]!,
        spine: hips[i]!.clone().slerp(chest[i]!, 0.35),
        chest: hips[i]!.clone().slerp(chest[i]!, 0.7),
        upperChest: chest[i]!,
        neck: chest[i]!.clone().slerp(head[i]!, 0.5),
        head: head[i]!,
      }
      const pelvis = new Vector3(0, -PELVIS * this.rig.proportions.torso, 0).applyQuaternion(hips[i]!)
      const root = middleOf(map, frame, 'upperLeg').sub(pelvis)
      for (const { side, arm, foot, toes, knee } of parts) {
        Object.assign(world, arm[i]!, this.leg(side, frame, root, hips[i]!, knee[i]!))
        world[`${side}Foot`] = foot[i]!
        world[`${side}Toes`] = toes[i]!
      }
      return { root, world }
    })
  }

  private across(frame: SourceFrame, part: LimbPart): Vector3 {
    const { map } = this.source
    return partPlace(map, frame, 'left', part)
      .clone()
      .sub(partPlace(map, frame, 'right', part))
  }

  /** Turns of hips or chest: as the joint turns from the rest pose; without a usable one, as the joints around it lie on average. */
  private trunk(node: number, across: (frame: SourceFrame) => Vector3, below: LimbPart): Turns {
    const { map, frames } = this.source
    const looks = frames.map((frame) => {
      const up = frame.places[map.neck]!.clone().sub(middleOf(map, frame, below))
      return axesTurn(across(frame), up)
    })
    return this.calibrated(node, looks)
  }

  /** The joint's own turns, made neutral by the rest pose, or so that they agree on average with `looks`. */
  private calibrated(node: number, looks: Turns, weights?: number[]): Turns {
    const { frames, rest } = this.source
    const neutral =
      rest && !weights
        ? axesTurn(rest.left, rest.up)
        : averageTurn(
            frames.map((frame, i) => frame.turns[node]!.clone().invert().multiply(looks[i]!)),
            weights,
          )
    return frames.map((frame) => frame.turns[node]!.clone().multiply(neutral))
  }

  /** World axis about which an elbow or a knee bends, steady also while the limb is straight: it turns with the upper bone. */
  private hinges(side: Side, upper: 'upperArm' | 'upperLeg', parent: Turns): Vector3[] {
    const { map, frames } = this.source
    const rest = restOf(side, upper)
    const [lower, end] = upper === 'upperArm' ? (['lowerArm', 'hand'] as const) : (['lowerLeg', 'foot'] as const)
    const links = frames.map((frame) => {
      const [a, b, c] = [upper, lower, end].map((part) => partPlace(map, frame, side, part))
      return { first: b!.clone().sub(a!).normalize(), second: c!.clone().sub(b!).normalize() }
    })
    const bends = links.map(({ first, second }) => second.clone().cross(first))
    const weights = bends.map((bend) => Math.max(0, bend.length() - 0.15))
    const known = weights.reduce((sum, weight) => sum + weight, 0) > 0.1
    const looks = links.map(({ first }, i) => {
      if (known && weights[i]! > 0) return limbTurn(rest, first, bends[i]!)
      const carried = first.clone().applyQuaternion(parent[i]!.clone().invert())
      return parent[i]!.clone().multiply(new Quaternion().setFromUnitVectors(rest.along, carried))
    })
    const turns = this.calibrated(map.limbs[side][upper]!, looks, known ? weights : weights.map(() => 1))
    return turns.map((turn) => rest.hinge.clone().applyQuaternion(turn))
  }

  /** The ankle is where the file has it; so is the knee, as far as the leg's plane goes. */
  private leg(side: Side, frame: SourceFrame, root: Vector3, hips: Quaternion, hinge: Vector3): SolvedPose['world'] {
    const { map } = this.source
    const { joints, index, proportions } = this.rig
    const socket = joints[index.get(`${side}UpperLeg`)!]!.offset.clone().applyQuaternion(hips).add(root)
    const [hip, knee, ankle] = (['upperLeg', 'lowerLeg', 'foot'] as const).map((part) =>
      partPlace(map, frame, side, part),
    )
    const along = ankle!.clone().sub(hip!).normalize()
    const pole = knee!.clone().sub(hip!)
    pole.addScaledVector(along, -pole.dot(along)).addScaledVector(hinge.clone().cross(along).normalize(), 0.02)
    const solved = solveLimb(LIMB_REST.leg, socket, ankle!, [proportions.upperLeg, proportions.lowerLeg], pole)
    return { [`${side}UpperLeg`]: solved.upper, [`${side}LowerLeg`]: solved.lower }
  }

  /** Soles are flat while they stand: low and slow. That holds in any file, whatever its ankles look like at rest. */
  private foot(side: Side): { foot: Turns; toes: Turns } {
    const { map, frames } = this.source
    const { foot, toes } = map.limbs[side]
    const ankles = frames.map((frame) => frame.places[foot!]!)
    const low =
      percentile(
        ankles.map((place) => place.y),
        0.1,
      ) + 0.03
    const speeds = ankles.map((place, i) => place.distanceTo(ankles[Math.max(0, i - 1)]!) / this.source.step)
    const slow = Math.max(0.15, percentile(speeds, 0.2))
    const looks = frames.map((frame) => {
      const forward =
        toes === undefined
          ? new Vector3(0, 0, 1).applyQuaternion(frame.turns[map.hips]!)
          : frame.places[toes]!.clone().sub(frame.places[foot!]!)
      return axesTurn(UP.clone().cross(forward.setY(0)), UP)
    })
    const weights = ankles.map((place, i) => (place.y < low && speeds[i]! <= slow ? 1 : 0.001))
    const turns = this.calibrated(foot!, looks, weights)
    return { foot: turns, toes: toes === undefined ? turns : this.calibrated(toes, looks, weights) }
  }

  private arm(side: Side, chest: Turns): SolvedPose['world'][] {
    const { map, frames } = this.source
    const rest = restOf(side, 'upperArm')
    const hinges = this.hinges(side, 'upperArm', chest)
    const { shoulder } = map.limbs[side]
    const collar = shoulder === undefined ? chest : this.calibrated(shoulder, chest)
    const uppers: Turns = []
    const lowers: Turns = []
    frames.forEach((frame, i) => {
      const [top, elbow, wrist] = (['upperArm', 'lowerArm', 'hand'] as const).map((part) =>
        partPlace(map, frame, side, part),
      )
      uppers.push(limbTurn(rest, elbow!.clone().sub(top!), hinges[i]!))
      lowers.push(limbTurn(rest, wrist!.clone().sub(elbow!), hinges[i]!))
    })
    const hands = this.hand(side, lowers)
    return frames.map((frame, i) => ({
      [`${side}Shoulder`]: collar[i]!,
      [`${side}UpperArm`]: uppers[i]!,
      [`${side}LowerArm`]: lowers[i]!,
      [`${side}Hand`]: hands[i]!,
      ...this.fingers(side, frame, hands[i]!),
    }))
  }

  /** The hand points where its fingers, or whatever else the file has beyond the wrist, point; its palm lies as the thumb or the elbow says. */
  private hand(side: Side, lowers: Turns): Turns {
    const { map, frames } = this.source
    const hand = map.limbs[side].hand!
    const rest = restOf(side, 'upperArm')
    const { Thumb = [], Middle, Index } = map.fingers[side]
    const beyond = Middle ?? Index ?? this.source.below(hand).filter((node) => !Thumb.includes(node))
    const looks = frames.map(({ places }, i) => {
      const away = (nodes: number[]) =>
        nodes.map((n) => places[n]!.clone().sub(places[hand]!)).find((v) => v.length() > 0.005)
      const fingers = away(beyond)
      if (!fingers) return lowers[i]!
      const palm = away(Thumb)?.normalize().cross(fingers.normalize())
      return limbTurn(
        rest,
        fingers,
        palm && palm.length() > 0.2 ? palm : rest.hinge.clone().applyQuaternion(lowers[i]!),
      )
    })
    return this.calibrated(
      hand,
      looks,
      frames.map(() => 1),
    )
  }

  /** Finger bones point where the file's do; a hand without fingers is relaxed. */
  private fingers(side: Side, { places }: SourceFrame, hand: Quaternion): SolvedPose['world'] {
    const world: SolvedPose['world'] = {}
    for (const finger of FINGERS) {
      const nodes = this.source.map.fingers[side][finger] ?? []
      let turn = hand
      fingerBones(side, finger).forEach((bone, link) => {
        const [from, to] = [nodes[link], nodes[link + 1]]
        const tip = this.rig.joints.find((joint) => joint.parent === this.rig.index.get(bone))!
        const rest = tip.offset.clone().normalize()
        const towards = from !== undefined && to !== undefined ? places[to]!.clone().sub(places[from]!) : undefined
        if (nodes.length >= 3 && towards && towards.length() > 1e-4) {
          const carried = towards.normalize().applyQuaternion(turn.clone().invert())
          turn = turn.clone().multiply(new Quaternion().setFromUnitVectors(rest, carried))
        } else if (nodes.length < 3 && finger !== 'Thumb') {
          turn = turn.clone().multiply(relaxed(side))
        }
        world[bone] = turn
      })
    }
    return world
  }
}

/** A little bend of a finger joint. */
function relaxed(side: Side): Quaternion {
  return new Quaternion().setFromAxisAngle(new Vector3(0, 0, 1), side === 'left' ? -0.3 : 0.3)
}

function restOf(side: Side, upper: 'upperArm' | 'upperLeg'): LimbRest {
  return upper === 'upperLeg' ? LIMB_REST.leg : side === 'left' ? LIMB_REST.leftArm : LIMB_REST.rightArm
}

/** Weighted mean of turns that lie near each other. */
function averageTurn(turns: Turns, weights: number[] | undefined): Quaternion {
  const heaviest = weights ? weights.reduce((best, weight, i) => (weight > weights[best]! ? i : best), 0) : 0
  const reference = turns[heaviest]!
  const sum = [0, 0, 0, 0]
  turns.forEach((turn, i) => {
    const sign = (turn.dot(reference) < 0 ? -1 : 1) * (weights?.[i] ?? 1)
    turn.toArray().forEach((value, k) => (sum[k] = sum[k]! + sign * value))
  })
  return new Quaternion().fromArray(sum).normalize()
}
