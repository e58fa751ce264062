// A body that walks or runs along a path: where its feet fall, how they roll there, and what hips and arms do above them.

import { Vector3 } from 'three'
import { PELVIS } from '../rig'
import type { Rig } from '../rig'
import { HANGING, lowestPoint, plantedAnkle } from './body'
import type { ArmGoal, BodyGoal, FootGoal } from './body'
import { random } from './random'

/** What distinguishes a run from a walk. */
export interface Gait {
  name: string
  /** Share of a double step that a foot stands: the usual, and the least when the stride grows long. */
  duty: [usual: number, least: number]
  /** The farthest the body travels over a standing foot, in lengths of the leg. */
  travel: number
  /** Share of the stance at which the body is above the foot. */
  over: number
  /** Pitch of the foot when it lands (toes up negative) and leaves (heel up), radians. */
  land: number
  leave: number
  /** How high the ankle is carried through, metres. */
  lift: number
  /** Fall of the hips above the standing foot against their height in flight, metres; 0 = they vault over the leg. */
  bob: number
  /** Seconds within which the hips give way to a leg that reaches its end; Infinity = one height for all. */
  give: number
  /** Radians by which elbows swing in front of the shoulder's line. */
  forward: number
  lean: number
  armSwing: number
  elbow: number
  curl: number
  /** Turn of the arms, forearm outwards positive. */
  inward: number
  /** Double steps per second at which people of this leg length go at this speed. */
  cadence: (speed: number, leg: number) => number
}

/** One way of going. */
export interface Going {
  speed: number
  /** Double steps per second. */
  cadence: number
  amplitude: number
  heading: number | ((time: number) => number)
  seed: number
  duration: number
}

const TAU = 2 * Math.PI
/** Seconds of path known before the start and after the end: footfalls there are reached from within. */
const BEYOND = 3
const PATH_RATE = 120
/** Heights of the hips are laid down this many times in a double step, so that each double step has the same. */
const HEIGHTS = 96
/** What a swinging foot keeps from the ground, metres. */
const CLEARANCE = 0.02

/** Says where the body is at any time; all footfalls follow from the path. */
export class Walker {
  private readonly path: Vector3[] = []
  private readonly person: {
    width: number
    toeOut: number
    sway: number
    arms: [number, number]
    nod: number
    lean: number
  }
  private readonly duty: number
  private heights: number[] = []

  constructor(
    private readonly rig: Rig,
    private readonly kind: Gait,
    private readonly going: Going,
  ) {
    const vary = random(going.seed)
    const about = (value: number, share: number) => value * (1 + share * (2 * vary() - 1))
    this.person = {
      width: about(0.5 * rig.proportions.hipWidth, 0.3),
      toeOut: about(0.1, 0.6),
      sway: about(0.018, 0.4),
      arms: [about(1, 0.2), about(1, 0.2)],
      nod: about(0.03, 0.5),
      lean: about(1, 0.5),
    }
    const leg = rig.proportions.upperLeg + rig.proportions.lowerLeg
    const [usual, least] = kind.duty
    this.duty = Math.max(least, Math.min(usual, (kind.travel * leg * going.cadence) / going.speed))
    this.layPath()
    this.layHeights()
  }

  goal(time: number): BodyGoal {
    const { kind, going, person } = this
    const amp = going.amplitude
    const yaw = this.headingAt(time)
    const phase = time * going.cadence
    const left = this.foot(1, time)
    const right = this.foot(-1, time)
    // 1 when the left foot is farthest ahead, -1 when the right is
    const ahead = Math.cos(TAU * (phase - 0.02))
    const over = Math.cos(TAU * this.overPhase(time)) // 1 above the left foot
    const hips = this.hipsAt(time)
    const hipsYaw = -0.09 * amp * ahead
    const arm = (side: 1 | -1): ArmGoal => {
      const swing = -side * ahead * kind.armSwing * amp * person.arms[side === 1 ? 0 : 1]
      return {
        ...HANGING,
        swing: swing + kind.forward,
        spread: 0.15 + 0.03 * amp,
        flex: kind.elbow + 0.5 * Math.max(0, swing),
        turn: kind.inward,
        curl: kind.curl,
      }
    }
    return {
      hips,
      hipsTurn: { yaw: yaw + hipsYaw, pitch: kind.lean * person.lean * 0.6, roll: 0.045 * amp * over },
      chest: { yaw: -2.1 * hipsYaw, pitch: kind.lean * person.lean * 0.5, roll: -0.06 * amp * over },
      head: {
        yaw: 1.1 * hipsYaw,
        pitch: person.nod * Math.cos(2 * TAU * phase) * amp - kind.lean * 0.9,
        roll: 0.015 * over,
      },
      leftArm: arm(1),
      rightArm: arm(-1),
      leftFoot: left,
      rightFoot: right,
    }
  }

  private headingAt(time: number): number {
    const { heading } = this.going
    return typeof heading === 'number' ? heading : heading(Math.min(this.going.duration, Math.max(0, time)))
  }

  private layPath() {
    const place = new Vector3()
    const steps = Math.ceil((this.going.duration + 2 * BEYOND) * PATH_RATE) + 1
    for (let i = 0; i < steps; i++) {
      this.path.push(place.clone())
      const yaw = this.headingAt((i + 0.5) / PATH_RATE - BEYOND)
      place.add(new Vector3(Math.sin(yaw), 0, Math.cos(yaw)).multiplyScalar(this.going.speed / PATH_RATE))
    }
    const start = this.path[BEYOND * PATH_RATE]!.clone()
    for (const point of this.path) point.sub(start)
  }

  private pathAt(time: number): Vector3 {
    const at = Math.min(this.path.length - 1.001, Math.max(0, (time + BEYOND) * PATH_RATE))
    const i = Math.floor(at)
    return this.path[i]!.clone().lerp(this.path[i + 1]!, at - i)
  }

  /** Hips over the path at this height, swaying towards the foot that stands. */
  private hipsOver(time: number, height: number): Vector3 {
    const { going, person } = this
    const yaw = this.headingAt(time)
    const place = this.pathAt(time)
    const sway = person.sway * going.amplitude * Math.cos(TAU * this.overPhase(time))
    place.x += Math.cos(yaw) * sway
    place.z -= Math.sin(yaw) * sway
    place.y = height
    return place
  }

  private hipsAt(time: number): Vector3 {
    const at = Math.min(this.heights.length - 1.001, Math.max(0, (time * this.going.cadence + 1) * HEIGHTS))
    const i = Math.floor(at)
    return this.hipsOver(
      time,
      this.heights[i]! + (this.heights[i + 1]! - this.heights[i]!) * (at - i) + this.bobAt(time),
    )
  }

  /** Double steps since the left foot stood under the body. */
  private overPhase(time: number): number {
    return time * this.going.cadence - this.duty * this.kind.over
  }

  private bobAt(time: number): number {
    return (
      -0.5 * this.kind.bob * Math.min(1.3, 0.4 + 0.6 * this.going.amplitude) * Math.cos(2 * TAU * this.overPhase(time))
    )
  }

  /**
   * Heights of the hips, less their bob, from one double step before the start on: as high as the standing legs reach without locking their
   * knees, with give. The running minimum smoothed over its own window never exceeds what it was made from.
   */
  private layHeights() {
    const { duration, cadence } = this.going
    const count = Math.ceil((duration * cadence + 2) * HEIGHTS)
    const allowed = Array.from({ length: count }, (_, i) => this.allowedHeight((i / HEIGHTS - 1) / cadence))
    const window = Math.floor(this.kind.give * HEIGHTS * cadence)
    const near = (values: number[], i: number) => values.slice(Math.max(0, i - window), i + window + 1)
    const lowest = allowed.map((_, i) => Math.min(...near(allowed, i)))
    this.heights = lowest.map((_, i) => mean(near(lowest, i)))
  }

  private allowedHeight(time: number): number {
    const { upperLeg, lowerLeg, hipWidth, torso } = this.rig.proportions
    const reach = 0.994 * (upperLeg + lowerLeg)
    const yaw = this.headingAt(time)
    const aside = new Vector3(Math.cos(yaw), 0, -Math.sin(yaw)).multiplyScalar(hipWidth / 2)
    let height = this.rig.hipsHeight - 0.015 - this.bobAt(time)
    for (const side of [1, -1] as const) {
      if (!this.stance(side, time).standing) continue
      const { ankle } = this.foot(side, time)
      const socket = this.hipsOver(time, 0).addScaledVector(aside, side)
      const across = Math.hypot(ankle.x - socket.x, ankle.z - socket.z)
      const rise = Math.sqrt(Math.max(0.04, reach * reach - across * across))
      height = Math.min(height, ankle.y + rise + PELVIS * torso - this.bobAt(time))
    }
    return height
  }

  /** Which of its footfalls a foot is at or comes from, and the share of stance or swing that has passed. */
  private stance(side: 1 | -1, time: number): { fall: number; standing: boolean; share: number } {
    const { duty } = this
    const phase = time * this.going.cadence + (side === 1 ? 0 : 0.5)
    const fall = Math.floor(phase)
    const within = phase - fall
    return within < duty
      ? { fall, standing: true, share: within / duty }
      : { fall, standing: false, share: (within - duty) / (1 - duty) }
  }

  private foot(side: 1 | -1, time: number): FootGoal {
    const { fall, standing, share } = this.stance(side, time)
    return standing ? this.standingFoot(side, fall, share) : this.swingingFoot(side, fall, share)
  }

  /** A foot on the ground: rolls from the heel to flat, and over the ball at the end. */
  private standingFoot(side: 1 | -1, fall: number, share: number): FootGoal {
    const { kind, going, person } = this
    const landed = (fall - (side === 1 ? 0 : 0.5)) / going.cadence
    const overTime = landed + (this.duty * kind.over) / going.cadence
    const heading = this.headingAt(overTime)
    const place = this.pathAt(overTime)
    const yaw = heading + side * person.toeOut
    const x = place.x + Math.cos(heading) * side * person.width * 0.5
    const z = place.z - Math.sin(heading) * side * person.width * 0.5
    const pitch = kind.land * (1 - smooth(share / 0.16)) + kind.leave * Math.max(0, (share - 0.42) / 0.58) ** 1.7
    return { ankle: plantedAnkle(this.rig.proportions, x, z, yaw, pitch), yaw, pitch, toes: 1 }
  }

  /** From one place to the next: leaves with the speed it has, lands at rest, and is lifted in between. */
  private swingingFoot(side: 1 | -1, fall: number, share: number): FootGoal {
    const { kind, going } = this
    const from = this.standingFoot(side, fall, 1)
    const to = this.standingFoot(side, fall + 1, 0)
    const before = this.standingFoot(side, fall, 0.98)
    const rate = (1 - this.duty) / (0.02 * this.duty)
    const leaving = from.ankle.clone().sub(before.ankle).multiplyScalar(rate)
    const s = share
    // cubic Hermite weights: where it comes from, how fast it leaves, where it goes
    const [start, speed, end] = [(1 + 2 * s) * (1 - s) ** 2, s * (1 - s) ** 2, s * s * (3 - 2 * s)]
    const ankle = from.ankle
      .clone()
      .multiplyScalar(start)
      .addScaledVector(leaving, speed)
      .addScaledVector(to.ankle, end)
    ankle.y += kind.lift * Math.min(1.5, 0.5 + 0.5 * going.amplitude) * 6.75 * s * (1 - s) ** 2
    const pitch = from.pitch * start + 0.5 * rate * (from.pitch - before.pitch) * speed + to.pitch * end
    const foot = { ankle, yaw: from.yaw + (to.yaw - from.yaw) * smooth(s), pitch, toes: 1 - smooth(3 * s) }
    const clearance = CLEARANCE * smooth(8 * s) * smooth(4 * (1 - s))
    ankle.y += Math.max(0, clearance - lowestPoint(this.rig.proportions, foot))
    return foot
  }
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** 0 to 1 with level ends. */
function smooth(x: number): number {
  const t = Math.min(1, Math.max(0, x))
  return t * t * (3 - 2 * t)
}
