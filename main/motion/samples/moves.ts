// Motions on the spot, each a row of key goals joined smoothly: wave, idle, turn, jump, squat, kick, a little dance; and steps aside.

import type { Motion } from '../motion'
import { AT_EASE, STANCE, choreograph, onward } from './choreography'
import type { Cue, MoveOptions, Part, Stand } from './choreography'
import { random } from './random'

/** Raises a hand and waves three times; the right one, or the left for odd seeds. */
export function wave(options: MoveOptions = {}): Motion {
  const { amplitude: a = 1, seed = 0 } = options
  const left = seed % 2 === 1
  const s = left ? 1 : -1
  const arm: Part = left ? 'leftArm' : 'rightArm'
  const raised = (turn: number): Stand => ({
    hips: { x: -0.02 * s },
    chest: { roll: 0.05 * s, yaw: -0.05 * s },
    head: { roll: -0.08 * s, yaw: 0.05 * s },
    [arm]: { spread: 1.35 + 0.15 * a, swing: 0.25, flex: 1.15 - turn * 0.45 * a, turn: 1.45, wrist: 0, curl: 0.05 },
  })
  const waves = [0, 1, 2, 3].flatMap((i) => [
    { time: 0.9 + 0.5 * i, ...raised(-0.7) },
    { time: 1.15 + 0.5 * i, ...raised(1) },
  ])
  return choreograph('Wave', 4, [{ time: 0 }, { time: 0.2 }, ...waves, { time: 3.5 }], options)
}

/** Stands at ease, shifting weight and looking about. */
export function idle(options: MoveOptions = {}): Motion {
  const { amplitude: a = 1 } = options
  return choreograph(
    'Idle',
    6,
    [
      { time: 0 },
      {
        time: 1.6,
        hips: { x: 0.035 * a, y: -0.026 },
        hipsTurn: { roll: -0.04 * a },
        chest: { roll: 0.05 * a },
        head: { yaw: 0.35 * a },
      },
      {
        time: 2.6,
        hips: { x: 0.035 * a, y: -0.026 },
        hipsTurn: { roll: -0.04 * a },
        chest: { roll: 0.05 * a },
        head: { yaw: 0.3 * a },
      },
      {
        time: 4.2,
        hips: { x: -0.035 * a, y: -0.026 },
        hipsTurn: { roll: 0.04 * a },
        chest: { roll: -0.05 * a },
        head: { yaw: -0.3 * a, pitch: 0.05 },
      },
      {
        time: 5.1,
        hips: { x: -0.03 * a, y: -0.026 },
        hipsTurn: { roll: 0.03 * a },
        chest: { roll: -0.04 * a },
        head: { yaw: -0.2 * a },
      },
    ],
    options,
  )
}

/** Crouches, leaps, lands in the knees. */
export function jump(options: MoveOptions = {}): Motion {
  const { amplitude: a = 1 } = options
  const high = 0.34 * a
  const arms = (swing: number, flex: number): Stand => ({
    leftArm: { swing, flex, spread: 0.2 },
    rightArm: { swing, flex, spread: 0.2 },
  })
  const feet = (lift: number, pitch: number): Stand => ({
    leftFoot: { ...AT_EASE.leftFoot, lift, pitch },
    rightFoot: { ...AT_EASE.rightFoot, lift, pitch },
  })
  const crouch: Stand = {
    hips: { y: -0.3, z: -0.08 },
    hipsTurn: { pitch: 0.45 },
    chest: { pitch: 0.25 },
    head: { pitch: -0.45 },
  }
  // flight is a parabola: a quarter of its time from the top, three quarters of its height are left
  const flight = 2 * Math.sqrt((2 * high) / 9.81)
  const off = 1.12
  const air = (share: number, lift: number, swing: number): Cue => ({
    time: off + flight * share,
    hips: { y: lift + 0.02 },
    ...arms(swing, 0.3),
    ...feet(lift, 0.75),
  })
  const down = off + flight
  return choreograph(
    'Jump',
    3.2,
    [
      { time: 0 },
      { time: 0.3 },
      { time: 0.85, ...crouch, ...arms(-0.8, 0.4) },
      { time: off, hips: { y: 0.06 }, ...arms(2.2, 0.25), ...feet(0, 0.75) },
      air(0.25, 0.75 * high, 2.8),
      air(0.5, high, 2.9),
      air(0.75, 0.75 * high, 2.2),
      { time: down, hips: { y: 0.02 }, ...arms(1.2, 0.3), ...feet(0, 0.5) },
      { time: down + 0.07, hips: { y: -0.08 }, hipsTurn: { pitch: 0.15 }, ...arms(0.8, 0.4) },
      {
        time: down + 0.28,
        hips: { y: -0.24, z: -0.06 },
        hipsTurn: { pitch: 0.4 },
        chest: { pitch: 0.2 },
        head: { pitch: -0.35 },
        ...arms(0.2, 0.5),
      },
      { time: down + 0.8 },
    ],
    options,
  )
}

/** A deep knee bend with the arms stretched forward. */
export function squat(options: MoveOptions = {}): Motion {
  const { amplitude: a = 1 } = options
  const arm = { swing: 1.35 + 0.7 * a, flex: 0.1, spread: 0.1, curl: 0.1 }
  const wide: Stand = { leftFoot: { x: 0.15, yaw: 0.35 }, rightFoot: { x: -0.15, yaw: -0.35 } }
  const deep: Stand = {
    ...wide,
    hips: { y: -0.03 - 0.4 * a, z: -0.14 * a },
    hipsTurn: { pitch: 0.55 * a },
    chest: { pitch: 0.1 * a },
    head: { pitch: -0.5 * a },
    leftArm: arm,
    rightArm: arm,
  }
  return choreograph(
    'Squat',
    3,
    [
      { time: 0, ...wide },
      { time: 0.3, ...wide },
      { time: 1.2, ...deep },
      { time: 1.5, ...deep },
      { time: 2.5, ...wide },
    ],
    options,
  )
}

/** A front kick with the right leg, or the left for odd seeds. */
export function kick(options: MoveOptions = {}): Motion {
  const { amplitude: a = 1, seed = 0 } = options
  const left = seed % 2 === 1
  const s = left ? 1 : -1
  const foot: Part = left ? 'leftFoot' : 'rightFoot'
  const guard = { swing: 0.55, flex: 1.9, spread: 0.3, turn: -0.3, curl: 0.9 }
  const arms: Stand = { leftArm: guard, rightArm: guard }
  const back = { x: s * STANCE, z: -0.22 }
  const standing: Stand = { ...arms, hips: { x: 0, y: -0.06, z: -0.08 } }
  const over = { x: -s * 0.09, z: 0 }
  return choreograph(
    'Kick',
    2.8,
    [
      { time: 0, ...standing, [foot]: { ...back, pitch: 0.3 } },
      { time: 0.5, ...standing, hips: { ...over, y: -0.05, z: -0.03 }, [foot]: { ...back, pitch: 0.7 } },
      {
        time: 0.8,
        ...arms,
        hips: { ...over, y: -0.04 },
        hipsTurn: { pitch: -0.1, yaw: -0.2 * s },
        [foot]: { x: s * 0.09, z: 0.32, lift: 0.55 * a, pitch: 0.3 },
      },
      {
        time: 0.98,
        ...arms,
        hips: { ...over, y: -0.04, z: 0.03 },
        hipsTurn: { pitch: -0.3, yaw: -0.25 * s },
        chest: { pitch: 0.15 },
        head: { pitch: 0.1 },
        [foot]: { x: s * 0.07, z: 0.74, lift: 0.95 * a, pitch: -0.2 },
      },
      {
        time: 1.25,
        ...arms,
        hips: { ...over, y: -0.04 },
        hipsTurn: { pitch: -0.1, yaw: -0.2 * s },
        [foot]: { x: s * 0.09, z: 0.3, lift: 0.5 * a, pitch: 0.3 },
      },
      { time: 1.75, ...standing, hips: { ...over, y: -0.06, z: -0.05 }, [foot]: { ...back, pitch: 0.5 } },
      { time: 2.2, ...standing, [foot]: { ...back, pitch: 0.3 } },
    ],
    options,
  )
}

/** Turns once about itself in eight small steps, to the left, or to the right for odd seeds. */
export function turn(options: MoveOptions = {}): Motion {
  const { seed = 0 } = options
  const s = seed % 2 === 1 ? -1 : 1
  const cues: Cue[] = []
  const steps = 8
  const beat = 0.6
  const standing = (side: 1 | -1, angle: number, lift: number) => ({
    x: side * STANCE * Math.cos(angle),
    z: -side * STANCE * Math.sin(angle),
    yaw: angle + 0.15 * side,
    lift,
    pitch: lift > 0 ? 0.35 : 0,
  })
  // even steps move the foot on the side of the turn, odd ones the other after it
  const step = ((2 * Math.PI) / steps) * s
  // in each beat the foot on the side of the turn goes ahead and the other follows
  const angles = { leading: 0, following: 0 }
  for (let half = 0; half <= 2 * steps; half++) {
    const moving = half === 2 * steps ? undefined : half % 2 === 0 ? 'leading' : 'following'
    const lift = (foot: keyof typeof angles) => (foot === moving ? 0.07 : 0)
    const angle = (foot: keyof typeof angles) => angles[foot] + (foot === moving ? step / 2 : 0)
    const stand = (foot: keyof typeof angles, side: 1 | -1) => standing(side, angle(foot), lift(foot))
    const sides = s === 1 ? (['leading', 'following'] as const) : (['following', 'leading'] as const)
    const ease: Stand = { hips: { y: -0.035 }, head: { yaw: 0.15 * s } }
    const time = 0.3 + half * beat * 0.5
    const down = { leftFoot: standing(1, angles[sides[0]], 0), rightFoot: standing(-1, angles[sides[1]], 0) }
    cues.push({ time, ...ease, hipsTurn: { yaw: (step * half) / 2 }, ...down })
    if (!moving) break
    const stepping = { leftFoot: stand(sides[0], 1), rightFoot: stand(sides[1], -1) }
    cues.push({ time: time + beat * 0.25, ...ease, hipsTurn: { yaw: (step * (half + 0.5)) / 2 }, ...stepping })
    angles[moving] += step
  }
  return onward('Turn', cues, options)
}

/** Steps from side to side with swinging hips and arms, two bars of four beats. */
export function dance(options: MoveOptions = {}): Motion {
  const { amplitude: a = 1, seed = 0 } = options
  const vary = random(seed)
  const beat = 0.5
  const cues: Cue[] = []
  const arms = [
    { spread: 0.5, swing: 0.5, flex: 1.5, turn: 0.3, curl: 0.6 },
    { spread: 1.4, swing: 0.2, flex: 1.4, turn: 1.3, curl: 0.3 },
    { spread: 0.9, swing: 1.2, flex: 1.1, turn: 0.4, curl: 0.5 },
    { spread: 2.2, swing: 0.2, flex: 0.7, turn: 1.2, curl: 0.2 },
  ]
  const offset = Math.floor(vary() * arms.length)
  for (let i = 0; i < 8; i++) {
    const s = i % 2 === 0 ? 1 : -1
    const up = arms[(offset + Math.floor(i / 2)) % arms.length]!
    const down = arms[(offset + 2 + Math.floor(i / 2)) % arms.length]!
    const [left, right] = s === 1 ? [up, down] : [down, up]
    const bounce = (y: number, x: number): Stand => ({
      hips: { x: x * s * a, y },
      hipsTurn: { roll: -0.1 * s * a, yaw: 0.18 * s * a },
      chest: { roll: 0.14 * s * a, yaw: -0.25 * s * a, pitch: 0.04 },
      head: { roll: 0.08 * s * a, yaw: 0.15 * s * a },
      leftArm: left,
      rightArm: right,
    })
    const wide = { leftFoot: { x: 0.2, yaw: 0.3 }, rightFoot: { x: -0.2, yaw: -0.3 } }
    const free = s === 1 ? ('rightFoot' as const) : ('leftFoot' as const)
    // the weight comes onto one foot, the other heel lifts and its toes tap
    cues.push({ time: i * beat, ...bounce(-0.1, 0.05), ...wide })
    cues.push({ time: (i + 0.5) * beat, ...bounce(-0.045, 0.12), ...wide, [free]: { ...wide[free], pitch: 0.55 } })
  }
  return choreograph('Dance', 8 * beat, cues, options)
}

/** Steps to its left, foot to foot and facing ahead all the while; to its right for odd seeds. */
export function sidestep(options: MoveOptions = {}): Motion {
  const { amplitude: a = 1, seed = 0 } = options
  const s = seed % 2 === 1 ? -1 : 1
  const [leading, following]: [Part, Part] = s === 1 ? ['leftFoot', 'rightFoot'] : ['rightFoot', 'leftFoot']
  const stride = 0.3 + 0.14 * a
  const beat = 0.36
  const cues: Cue[] = []
  const at = (side: 1 | -1, far: number, lift = 0) => ({
    x: s * (side * STANCE + far),
    z: 0,
    yaw: s * side * 0.12,
    lift,
    pitch: 0,
  })
  for (let step = 0; step < 8; step++) {
    const far = step * stride
    const time = 0.1 + 2 * beat * step
    const body = (x: number, y: number): Stand => ({
      hips: { x: s * x, y },
      hipsTurn: { roll: 0.03 * s },
      leftArm: { spread: 0.3 + 0.15 * a, flex: 0.6 },
      rightArm: { spread: 0.3 + 0.15 * a, flex: 0.6 },
    })
    const half = stride / 2
    cues.push(
      { time, ...body(far, -0.05), [leading]: at(1, far), [following]: at(-1, far) },
      {
        time: time + beat / 2,
        ...body(far + half / 2, -0.06),
        [leading]: at(1, far + half, 0.11),
        [following]: at(-1, far),
      },
      { time: time + beat, ...body(far + half, -0.08), [leading]: at(1, far + stride), [following]: at(-1, far) },
      {
        time: time + 1.5 * beat,
        ...body(far + 1.5 * half, -0.06),
        [leading]: at(1, far + stride),
        [following]: at(-1, far + half, 0.1),
      },
    )
  }
  return onward('Sidestep', cues.slice(0, -1), options)
}
