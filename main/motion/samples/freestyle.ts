// Motions on the spot that are put together anew for every seed: talking with the hands, dancing freely, fighting; and sitting down.

import type { Motion } from '../motion'
import { AVERAGE } from '../rig'
import { AT_EASE, STANCE, choreograph, scaleOf } from './choreography'
import type { Cue, MoveOptions, Part, Stand } from './choreography'
import { random } from './random'

type Arm = NonNullable<Stand['leftArm']>

/** Where a hand goes while its owner talks. */
const GESTURES: readonly Arm[] = [
  { swing: 0.15, spread: 0.2, flex: 0.5, curl: 0.3 },
  { swing: 0.45, spread: 0.25, flex: 1.5, turn: -0.2, curl: 0.15 },
  { swing: 0.6, spread: 0.45, flex: 1.2, turn: 0.5, curl: 0.1 },
  { swing: 0.9, spread: 0.3, flex: 1.0, turn: 0.2, wrist: -0.3, curl: 0.05 },
  { swing: 0.7, spread: 0.2, flex: 2.0, turn: -0.1, curl: 0.4 },
  { swing: 0.5, spread: 0.9, flex: 1.1, turn: 0.7, wrist: -0.2, curl: 0 },
  { swing: 1.35, spread: 0.15, flex: 0.35, curl: 0.7 },
  { swing: -0.25, spread: 0.55, flex: 1.55, turn: -0.5, curl: 0.3 },
]

/** Where an arm goes in a dance. */
const FLOURISHES: readonly Arm[] = [
  { swing: 0.4, spread: 0.5, flex: 1.6, turn: 0.2, curl: 0.5 },
  { swing: 0.2, spread: 1.5, flex: 0.3, turn: 0.6, curl: 0.1 },
  { swing: 0.3, spread: 2.6, flex: 0.4, turn: 0.9, curl: 0.1 },
  { swing: 1.5, spread: 0.2, flex: 0.5, curl: 0.2 },
  { swing: 2.6, spread: 0.3, flex: 0.3, curl: 0.1 },
  { swing: -0.5, spread: 0.5, flex: 0.4, curl: 0.3 },
  { swing: 0.1, spread: 1.1, flex: 1.7, turn: 1.4, curl: 0.2 },
  { swing: -0.1, spread: 0.6, flex: 1.7, turn: -0.6, curl: 0.4 },
]

interface Chance {
  next: () => number
  between: (low: number, high: number) => number
  pick: <T>(items: readonly T[]) => T
}

function chance(seed: number): Chance {
  const next = random(seed)
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    pick: (items) => items[Math.floor(next() * items.length)]!,
  }
}

/** An arm's goal, the same in small and large ways, never twice quite alike. */
function arm({ between }: Chance, goal: Arm, amplitude: number): Arm {
  const size = (value: number | undefined, least: number) => (value ?? 0) * Math.max(least, amplitude)
  return {
    ...goal,
    swing: size(goal.swing, 0.3) * between(0.85, 1.15),
    spread: Math.max(0.12, size(goal.spread, 0.5) * between(0.85, 1.15)),
    flex: (goal.flex ?? 0) * between(0.8, 1.1),
    turn: (goal.turn ?? 0) + between(-0.15, 0.15),
  }
}

/** Stands and talks with the hands; which gestures, and in what order, is up to the seed. */
export function talk(options: MoveOptions = {}): Motion {
  const { amplitude: a = 1, seed = 0 } = options
  const draw = chance(seed)
  const cues: Cue[] = []
  let time = 0
  for (let i = 0; i < 8; i++) {
    const side = draw.between(-1, 1)
    const both = draw.next() < 0.4
    const left = arm(draw, draw.pick(GESTURES), a)
    const right = both ? left : arm(draw, draw.pick(GESTURES), a)
    const said: Stand = {
      hips: { x: 0.03 * side * a, y: -0.024 },
      hipsTurn: { roll: -0.035 * side * a, yaw: 0.1 * side * a },
      chest: { roll: 0.04 * side * a, yaw: draw.between(-0.18, 0.18) * a, pitch: draw.between(-0.04, 0.08) },
      head: { yaw: draw.between(-0.35, 0.35) * a, pitch: draw.between(-0.08, 0.12), roll: draw.between(-0.1, 0.1) },
      leftArm: left,
      rightArm: right,
    }
    cues.push({ time, ...said })
    time += draw.between(0.3, 0.55)
    cues.push({ time, ...said, head: { ...said.head, pitch: 0.05 } })
    time += draw.between(0.25, 0.5)
  }
  return choreograph('Talk', time, cues, options)
}

/** Dances as the seed pleases: on each beat a foot steps somewhere, the hips go over the other, arms fly. */
export function freestyle(options: MoveOptions = {}): Motion {
  const { amplitude: a = 1, seed = 0 } = options
  const draw = chance(seed)
  const beat = draw.between(0.42, 0.62)
  const home = {
    leftFoot: { ...AT_EASE.leftFoot, x: 0.17 },
    rightFoot: { ...AT_EASE.rightFoot, x: -0.17 },
  }
  const feet: Record<'leftFoot' | 'rightFoot', { x: number; z: number; lift: number; yaw: number; pitch: number }> = {
    leftFoot: { ...home.leftFoot },
    rightFoot: { ...home.rightFoot },
  }
  const cues: Cue[] = []
  const beats = 8
  for (let i = 0; i < beats; i++) {
    const s = i % 2 === 0 ? 1 : -1
    const free = s === 1 ? 'rightFoot' : 'leftFoot'
    const other = s === 1 ? 'leftFoot' : 'rightFoot'
    const arms = { leftArm: arm(draw, draw.pick(FLOURISHES), a), rightArm: arm(draw, draw.pick(FLOURISHES), a) }
    const body = (y: number): Stand => ({
      hips: { x: 0.75 * feet[other].x + 0.02 * s, z: 0.6 * feet[other].z, y },
      hipsTurn: { yaw: draw.between(-0.3, 0.3) * a, roll: -0.1 * s * a, pitch: draw.between(0, 0.1) },
      chest: {
        yaw: draw.between(-0.4, 0.4) * a,
        roll: draw.between(-0.12, 0.16) * s * a,
        pitch: draw.between(-0.05, 0.15),
      },
      head: { yaw: draw.between(-0.4, 0.4) * a, roll: draw.between(-0.12, 0.12), pitch: draw.between(-0.15, 0.1) },
      ...arms,
    })
    cues.push({ time: i * beat, ...body(-0.1), ...structuredClone(feet) })
    const from = { ...feet[free] }
    const back = i >= beats - 2
    feet[free].x = back ? home[free].x : home[free].x + draw.between(-0.05, 0.1) * -s * a
    feet[free].z = back ? 0 : draw.between(-0.15, 0.15) * a
    const [x, z] = [(from.x + feet[free].x) / 2, (from.z + feet[free].z) / 2]
    const lifted = { ...feet[free], x, z, lift: draw.between(0.05, 0.22) * Math.min(1, a), pitch: 0.4 }
    cues.push({ time: (i + 0.5) * beat, ...body(-0.055), ...structuredClone(feet), [free]: lifted })
  }
  return choreograph('Freestyle', beats * beat, cues, options)
}

/** Punches and kicks from a guard, as the seed pleases. */
export function fight(options: MoveOptions = {}): Motion {
  const { amplitude: a = 1, seed = 0 } = options
  const draw = chance(seed)
  // the side that is behind: it kicks and gives the strong punch
  const s = seed % 2 === 1 ? 1 : -1
  const strong: Part = s === 1 ? 'leftArm' : 'rightArm'
  const quick: Part = s === 1 ? 'rightArm' : 'leftArm'
  const back: Part = s === 1 ? 'leftFoot' : 'rightFoot'
  const front: Part = s === 1 ? 'rightFoot' : 'leftFoot'
  const guarding: Arm = { swing: 0.75, flex: 2.0, spread: 0.25, turn: -0.2, curl: 1 }
  const stance: Stand = {
    [strong]: guarding,
    [quick]: { ...guarding, swing: 0.95, flex: 1.75 },
    [back]: { x: s * 0.13, z: -0.22, yaw: s * 0.7, pitch: 0.25 },
    [front]: { x: -s * 0.13, z: 0.2, yaw: -s * 0.1 },
    hips: { x: 0, z: -0.02, y: -0.09 },
    hipsTurn: { yaw: s * 0.45 },
    chest: { pitch: 0.12, yaw: s * 0.1 },
    head: { yaw: -s * 0.5 },
  }
  const straight: Arm = { swing: 1.55, spread: 0.05, flex: 0.08, turn: 0, curl: 1 }
  const hook: Arm = { swing: 1.1, spread: 0.9, flex: 1.5, turn: 0.5, curl: 1 }
  const upper: Arm = { swing: 1.2, spread: 0.1, flex: 1.9, turn: -0.1, curl: 1 }
  const punch = (part: Part, goal: Arm, twist: number): Stand => ({
    ...stance,
    [part]: { ...goal, swing: (goal.swing ?? 0) * Math.min(1.1, a) },
    hipsTurn: { yaw: s * 0.45 + 0.4 * twist * a },
    chest: { pitch: 0.15, yaw: s * 0.1 + 0.4 * twist * a },
    head: { yaw: -s * 0.5 - 0.6 * twist * a },
    hips: { x: 0, z: 0.04, y: -0.1 },
  })
  const over = { x: -s * 0.11, z: 0.14 }
  const raised = (z: number, lift: number, yaw: number): Stand => ({
    ...stance,
    hips: { ...over, y: -0.05 },
    hipsTurn: { yaw: -s * yaw, pitch: -0.25 * Math.min(1, lift) },
    chest: { pitch: 0.1, yaw: s * 0.1 },
    head: { yaw: s * yaw * 0.6 },
    [back]: { x: s * 0.08, z, lift: lift * a, pitch: 0.1, yaw: -s * yaw },
  })
  const cues: Cue[] = []
  let time = 0
  const add = (gap: number, stand: Stand) => {
    cues.push({ time, ...stand })
    time += gap
  }
  for (let i = 0; i < 5; i++) {
    add(draw.between(0.2, 0.4), stance)
    const choice = draw.next()
    if (choice < 0.3) {
      add(0.18, punch(quick, straight, s))
      add(0.2, stance)
      add(0.22, punch(strong, straight, -s))
    } else if (choice < 0.45) add(0.25, punch(strong, draw.pick([hook, upper]), -s))
    else if (choice < 0.6) add(0.25, punch(quick, draw.pick([hook, upper]), s))
    else if (choice < 0.75) {
      add(0.35, { ...stance, hips: { x: 0.05 * s, z: -0.05, y: -0.24 }, chest: { pitch: 0.35, yaw: s * 0.1 } })
    } else {
      const yaw = draw.between(0, 0.6)
      add(0.22, {
        ...stance,
        hips: { ...over, z: 0.08, y: -0.06 },
        [back]: { x: s * 0.13, z: -0.22, pitch: 0.7, yaw: s * 0.7 },
      })
      add(0.2, raised(0.3, 0.5, yaw))
      add(0.22, raised(0.72, draw.between(0.6, 0.9), yaw))
      add(0.3, raised(0.25, 0.45, yaw))
    }
  }
  return choreograph('Fight', time + 0.3, cues, options)
}

/** How a body of these legs sits: hips above the floor, and how far behind the heels, metres. */
export function seatOf(proportions: MoveOptions['proportions'] = {}): { height: number; behind: number } {
  const p = { ...AVERAGE, ...proportions }
  return { height: p.ankle + p.lowerLeg + 0.02, behind: 0.85 * p.upperLeg }
}

/** Sits down, stays for a while with busy hands, and gets up. What it sits on is not part of the motion: `seatOf` says where it is. */
export function sit(options: MoveOptions = {}): Motion {
  const { amplitude: a = 1, seed = 0 } = options
  const p = { ...AVERAGE, ...options.proportions }
  const draw = chance(seed)
  const { height, behind } = seatOf(p)
  const tall = p.ankle + p.lowerLeg + p.upperLeg + 0.12 * p.torso
  const scale = scaleOf(p)
  const down = { x: 0, y: (height - tall) / scale, z: -behind / scale }
  const onKnees: Arm = { swing: 0.55, spread: 0.15, flex: 0.9, turn: -0.15, curl: 0.2 }
  const sitting = (left: Arm, right: Arm): Stand => ({
    hips: down,
    hipsTurn: { pitch: draw.between(-0.1, 0.1) },
    chest: { pitch: draw.between(0, 0.2), yaw: draw.between(-0.2, 0.2) * a },
    head: { yaw: draw.between(-0.4, 0.4) * a, pitch: draw.between(-0.15, 0.1) },
    leftArm: left,
    rightArm: right,
  })
  const busy = () => (draw.next() < 0.5 ? arm(draw, draw.pick(GESTURES), a) : onKnees)
  const leaning = { ...onKnees, swing: 0.7, flex: 0.5 }
  const halfway: Stand = {
    hips: { x: 0, y: 0.5 * down.y, z: 0.75 * down.z },
    hipsTurn: { pitch: 0.5 },
    chest: { pitch: 0.3 },
    head: { pitch: -0.35 },
    leftArm: leaning,
    rightArm: leaning,
  }
  const cues: Cue[] = [{ time: 0 }, { time: 0.2 }, { time: 0.8, ...halfway }]
  for (let i = 0; i < 5; i++) cues.push({ time: 1.35 + 0.7 * i, ...sitting(busy(), busy()) })
  cues.push({ time: 4.7, ...halfway }, { time: 5.4, hips: { x: 0, y: -0.02, z: 0 } })
  return choreograph('Sit', 5.8, cues.map(wideFeet), options)
}

const wideFeet = (cue: Cue): Cue => ({
  ...cue,
  leftFoot: { ...AT_EASE.leftFoot, x: STANCE + 0.02 },
  rightFoot: { ...AT_EASE.rightFoot, x: -STANCE - 0.02 },
})
