// A body and its clothes in clay: how it stands, trunk, limbs, hands, shoes.
import { Vector3 } from 'three'
import { mix, rgb, scaled } from '../../main/engine/synth/colour'
import type { Rgb } from '../../main/engine/synth/colour'
import { worldPose } from '../../main/motion/motion'
import type { WorldPose } from '../../main/motion/motion'
import { createRig, fingerBones } from '../../main/motion/rig'
import type { BoneName, JointName, Proportions } from '../../main/motion/rig'
import { HANGING, LEVEL, plantedAnkle, poseFromGoal } from '../../main/motion/samples/body'
import { head } from './heads'
import type { HeadLook } from './heads'
import type { Lump, Stuff } from './clay'
import { Modeller } from './modeller'
import type { V3 } from './modeller'

export interface Look extends HeadLook {
  proportions: Partial<Proportions>
  /** Girth, and hips and bust against shoulders (0..1). */
  bulk: number
  feminine: number
  top: Rgb
  /** Share of the arm that the sleeve covers. */
  sleeve: number
  /** Ribbed edges of the sleeves. */
  trim: Rgb
  bottom: Rgb
  shoes: Rgb
  soles: Rgb
}

/** Relaxed, nearly frontal, the arms a little away from the body. */
export function standing(look: Look): WorldPose {
  const rig = createRig(look.proportions)
  const foot = (side: 1 | -1) => ({
    ankle: plantedAnkle(rig.proportions, side * 0.115, side * 0.01, side * 0.22, 0),
    yaw: side * 0.22,
    pitch: 0,
    toes: 1,
  })
  const pose = poseFromGoal(rig, {
    hips: new Vector3(0.006, rig.hipsHeight - 0.012, 0),
    hipsTurn: { yaw: 0.04, pitch: 0, roll: 0.012 },
    chest: { yaw: -0.03, pitch: 0, roll: -0.012 },
    head: { ...LEVEL, yaw: 0.05 },
    leftArm: { ...HANGING, spread: 0.36, flex: 0.16, swing: 0.02, curl: 0.17 },
    rightArm: { ...HANGING, spread: 0.34, flex: 0.2, swing: 0.03, curl: 0.19 },
    leftFoot: foot(1),
    rightFoot: foot(-1),
  })
  return worldPose(rig, pose)
}

/** Where cloth creases. */
export function creases(pose: WorldPose): Vector3[] {
  const joints: JointName[] = [
    'leftLowerArm',
    'rightLowerArm',
    'leftLowerLeg',
    'rightLowerLeg',
    'leftFoot',
    'rightFoot',
    'leftUpperLeg',
    'rightUpperLeg',
    'spine',
    'leftUpperArm',
    'rightUpperArm',
  ]
  return joints.map((joint) => pose.positions.get(joint)!)
}

/** Everything of the person in this pose. */
export function model(look: Look, pose: WorldPose): Lump[] {
  const m = new Modeller(pose)
  const p = createRig(look.proportions).proportions
  const stuff = {
    skin: { colour: look.skin, kind: 'skin' },
    top: { colour: look.top, kind: 'cloth' },
    trim: { colour: look.trim, kind: 'plain' },
    bottom: { colour: look.bottom, kind: 'cloth' },
  } as const
  trunk(m, look, p, stuff)
  for (const side of ['left', 'right'] as const) {
    arm(m, look, p, stuff, side)
    hand(m, p, stuff.skin, side)
    leg(m, look, p, stuff, side)
    shoe(m, look, p, side)
  }
  head(m, look, p.head)
  return m.lumps
}

type Wardrobe = Record<'skin' | 'top' | 'trim' | 'bottom', Stuff>

function trunk(m: Modeller, { bulk: g, feminine }: Look, p: Proportions, { skin, top, bottom }: Wardrobe) {
  const half = p.hipWidth / 2
  const neck = 0.26 * p.torso
  // trousers: seat and hips
  m.cone(
    'bottom',
    bottom,
    0.04,
    'hips',
    [half * 0.66, -0.06, -0.016],
    0.098 * g,
    [-half * 0.66, -0.06, -0.016],
    0.098 * g,
  )
  m.cone('bottom', bottom, 0.04, 'hips', [0, 0.0, 0.002], 0.13 * g, [0, 0.06, 0], 0.118 * g, { flat: [0, 0, 1, 1.3] })
  // top: hangs from the ribs over belly and hips
  const hips = 0.09 * g + half
  const waist = (0.148 - 0.02 * feminine) * g
  const ribs = (0.153 - 0.014 * feminine) * g
  const flat = [0, 0, 1, 1.38] as const
  const hem = -0.085
  const keep = [
    [0, hem, 0],
    [0, 1, 0],
  ] as const
  m.cone('top', top, 0.05, 'hips', [0, hem - 0.05, 0.002], hips, [0, -0.03, 0.002], hips * 0.97, { flat, keep })
  m.cone('top', top, 0.05, 'hips', [0, -0.03, 0.002], hips * 0.97, [0, 0.1, 0.004], waist, { flat, keep })
  m.cone('top', top, 0.05, 'chest', [0, -0.03, 0.004], waist, [0, 0.06, 0.006], ribs * 0.97, { flat })
  m.cone('top', top, 0.05, 'upperChest', [0, -0.04, 0.006], ribs, [0, 0.045, 0], ribs * 0.9, { flat })
  for (const s of [1, -1] as const) {
    const shoulder = m.at(s === 1 ? 'leftUpperArm' : 'rightUpperArm').clone()
    shoulder.add(m.axis('upperChest', [-s, -0.7, 0]).multiplyScalar(0.016))
    m.cone('top', top, 0.04, 'upperChest', shoulder, 0.047 * g, [s * 0.03, neck + 0.03, -0.014], 0.036)
    m.cone('top', top, 0.04, 'upperChest', [s * 0.02, neck - 0.03, 0.024], 0.05, [s * 0.02, neck + 0.01, 0], 0.046)
    m.cone('top', top, 0.05, 'upperChest', [s * 0.062, -0.01, 0.05], 0.06 * g, [s * 0.09, 0.05, 0.03], 0.055 * g)
    if (feminine > 0.5)
      m.cone(
        'top',
        top,
        0.05,
        'upperChest',
        [s * 0.07, -0.018, 0.082 * g],
        0.047 * g,
        [s * 0.068, 0.01, 0.066],
        0.045 * g,
      )
  }
  m.cone(
    'skin',
    skin,
    0.03,
    'neck',
    [0, -0.04, -0.006],
    0.058 - 0.006 * feminine,
    [0, 0.09, 0.012],
    0.054 - 0.009 * feminine,
  )
}

function arm(m: Modeller, look: Look, p: Proportions, { skin, top, trim }: Wardrobe, side: 'left' | 'right') {
  const g = look.bulk
  const [shoulder, elbow, wrist] = [m.at(`${side}UpperArm`), m.at(`${side}LowerArm`), m.at(`${side}Hand`)]
  const covered = look.sleeve * (p.upperArm + p.lowerArm)
  const upper = Math.min(1, covered / p.upperArm)
  const lower = Math.min(1, Math.max(0, (covered - p.upperArm) / p.lowerArm))
  const away = elbow.clone().sub(shoulder).normalize()
  m.cone('skin', skin, 0.025, `${side}UpperArm`, shoulder.clone().lerp(elbow, 0.3), 0.043 * g, elbow, 0.037 * g)
  m.cone(
    'skin',
    skin,
    0.025,
    `${side}LowerArm`,
    elbow.clone().lerp(wrist, 0.16),
    0.04 * g,
    wrist.clone().lerp(elbow, 0.15),
    0.0265 * g,
  )
  m.cone('skin', skin, 0.012, `${side}LowerArm`, wrist.clone().lerp(elbow, 0.2), 0.027 * g, wrist, 0.024 * g, {
    flat: [0, 1, 0, 1.2],
  })
  const end = shoulder.clone().lerp(elbow, upper)
  const from = shoulder.clone().addScaledVector(away, 0.02)
  m.cone('top', top, 0.04, `${side}UpperArm`, from, 0.05 * g, end, (lower > 0 ? 0.0445 : 0.052) * g)
  if (lower > 0) {
    const cuff = elbow.clone().lerp(wrist, lower)
    m.cone('top', top, 0.02, `${side}LowerArm`, elbow, 0.0445 * g, cuff, 0.037 * g)
    m.ring('top', trim, 0.008, `${side}LowerArm`, cuff, wrist.clone().sub(elbow), 0.025 * g, 0.0105)
  } else m.ring('top', trim, 0.008, `${side}UpperArm`, end, away, 0.043 * g, 0.0115)
}

function hand(m: Modeller, p: Proportions, skin: Stuff, side: 'left' | 'right') {
  const size = p.hand / 0.185
  const wrist = m.at(`${side}Hand`)
  const bone = `${side}Hand` as const
  const knuckle = (finger: 'Index' | 'Middle' | 'Ring' | 'Little') => m.at(`${side}${finger}Proximal`)
  for (const finger of ['Index', 'Middle', 'Ring', 'Little'] as const)
    m.cone(
      'skin',
      skin,
      0.018,
      bone,
      wrist.clone().lerp(knuckle(finger), 0.12),
      0.019 * size,
      knuckle(finger),
      0.0125 * size,
      { flat: [0, 1, 0, 1.12] },
    )
  for (const finger of ['Thumb', 'Index', 'Middle', 'Ring', 'Little'] as const) {
    const chain: JointName[] = [...fingerBones(side, finger), `${side}${finger}Tip`]
    const radius = (finger === 'Thumb' ? 0.0118 : finger === 'Little' ? 0.0082 : 0.0094) * size
    for (let i = 0; i + 1 < chain.length; i++) {
      const tip = i + 2 === chain.length
      const [from, to] = [m.at(chain[i]!), m.at(chain[i + 1]!)]
      const end = tip ? to.clone().lerp(from, 0.28) : to
      m.cone(
        'skin',
        skin,
        i === 0 ? 0.012 : 0.004,
        bone,
        from,
        radius * (1 - 0.06 * i),
        end,
        radius * (0.94 - 0.07 * i),
      )
    }
  }
}

function leg(m: Modeller, { bulk: g }: Look, p: Proportions, { bottom }: Wardrobe, side: 'left' | 'right') {
  const [hip, knee, foot] = [m.at(`${side}UpperLeg`), m.at(`${side}LowerLeg`), m.at(`${side}Foot`)]
  m.cone('bottom', bottom, 0.035, `${side}UpperLeg`, hip, 0.09 * g, knee, 0.061 * g)
  const low = 0.01 - p.lowerLeg
  const hem = [
    [0, low - 0.015, 0],
    [0, 1, 0],
  ] as const
  m.cone('bottom', bottom, 0.02, `${side}LowerLeg`, knee, 0.061 * g, [0, low - 0.03, 0.004], 0.05, { keep: hem })
  const calf = (y: number, z: number) => m.local(`${side}LowerLeg`, [0, -y * p.lowerLeg, z])
  m.cone('bottom', bottom, 0.05, `${side}LowerLeg`, calf(0.22, -0.02), 0.055 * g, calf(0.5, -0.014), 0.049 * g)
  m.cone(
    'ankle',
    { colour: scaled(rgb(0xe9e6df), 0.8), kind: 'plain' },
    0.01,
    `${side}LowerLeg`,
    foot,
    0.034,
    foot.clone().lerp(knee, 0.1),
    0.036,
  )
}

function shoe(m: Modeller, look: Look, p: Proportions, side: 'left' | 'right') {
  const upper: Stuff = { colour: look.shoes, kind: 'plain' }
  const sole: Stuff = { colour: look.soles, kind: 'plain' }
  const lace: Stuff = { colour: mix(look.shoes, [0.35, 0.34, 0.32], 0.75), kind: 'plain' }
  const bone: BoneName = `${side}Foot`
  const y = -p.ankle
  const f = p.foot
  const s = side === 'left' ? 1 : -1
  const above = [
    [0, y + 0.002, 0],
    [0, 1, 0],
  ] as const
  const put = (piece: string, stuff: Stuff, grow: number, cut?: readonly [V3, V3]) => {
    const keep = cut ? { keep: cut } : {}
    m.cone(
      piece,
      stuff,
      0.03,
      bone,
      [0, y + 0.034, -0.2 * f],
      0.031 + grow,
      [0, y + 0.028, 0.3 * f],
      0.034 + grow,
      keep,
    )
    m.cone(
      piece,
      stuff,
      0.03,
      bone,
      [0, y + 0.028, 0.3 * f],
      0.036 + grow,
      [s * 0.004, y + 0.02, 0.66 * f],
      0.04 + grow,
      keep,
    )
    m.cone(
      piece,
      stuff,
      0.03,
      bone,
      [s * 0.004, y + 0.02, 0.66 * f],
      0.039 + grow,
      [-s * 0.006, y + 0.014, 0.98 * f],
      0.026 + grow,
      keep,
    )
  }
  put('shoe', upper, 0, above)
  m.cone('shoe', upper, 0.03, bone, [0, y + 0.085, -0.05 * f], 0.04, [0, y + 0.05, 0.3 * f], 0.038)
  m.ring('shoe', upper, 0.008, bone, m.local(bone, [0, y + 0.098, -0.04 * f]), m.axis(bone, [0, 1, 0.2]), 0.038, 0.009)
  // the sole: the same shape, a little wider, of which only the lowest part is kept
  put('sole', sole, 0.005, [
    [0, y + 0.021, 0],
    [0, -1, 0],
  ])
  for (let i = 0; i < 4; i++) {
    const z = (0.24 + 0.1 * i) * f
    const high = y + 0.082 - 0.008 * i
    m.cone('lace', lace, 0.002, bone, [-0.018, high - 0.004, z], 0.0034, [0.018, high - 0.004, z + 0.004], 0.0034)
  }
}
