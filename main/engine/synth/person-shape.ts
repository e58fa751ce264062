// The body as round cones (two spheres and what lies between), some flattened, hung on the joints of a pose: limbs, trunk, head, hair,
// hands with fingers, shoes, and the pleats of skirts and coats.
import { Vector3 } from 'three'
import type { WorldPose } from '../../motion/motion'
import { fingerBones } from '../../motion/rig'
import type { BoneName, JointName } from '../../motion/rig'
import { Parts } from './body-parts'
import type { Part } from './body-parts'
import type { Cloth, Person } from './person'
import {
  headPaint,
  hipsPaint,
  limbPaint,
  lockPaint,
  plain,
  pleatPaint,
  shinPaint,
  shoePaint,
  torsoPaint,
} from './person-paint'
import type { Paint } from './person-paint'

const SIDES = ['left', 'right'] as const
const PLEATS = 16

/** All parts of `person` in `pose`. */
export function bodyParts(person: Person, pose: WorldPose): Part[] {
  return new Body(person, pose).parts
}

class Body extends Parts {
  private readonly m: number
  private readonly g: number

  constructor(
    private readonly person: Person,
    pose: WorldPose,
  ) {
    super(pose)
    this.m = person.size
    this.g = person.size * person.bulk
    this.trunk()
    this.head()
    for (const side of SIDES) {
      this.arm(side)
      this.hand(side)
      this.leg(side)
    }
    if (person.skirt) this.pleats(person.bottom, person.leg, 0.03, 1)
    if (person.hem > 0) this.pleats(person.top, person.hem, 0.02, 1.06)
  }

  private trunk() {
    const { m, g, person } = this
    const { feminine, backpack } = person
    const p = person.proportions
    const hips = hipsPaint(person)
    const neck = 0.26 * p.torso
    const torso = torsoPaint(person, neck)
    const flat = [0, 0, 1, 1.35] as const
    const waist = 0.124 - 0.014 * feminine + 0.05 * Math.max(0, person.bulk - 1)
    const half = p.hipWidth / 2
    this.add(
      'hips',
      this.local('hips', half, -0.05 * m, -0.012 * m),
      0.098 * g,
      this.local('hips', -half, -0.05 * m, -0.012 * m),
      0.098 * g,
      hips,
    )
    this.add(
      'hips',
      this.local('hips', 0, -0.02 * m, 0),
      0.132 * g * (1 + 0.05 * feminine),
      this.at('chest'),
      waist * g,
      hips,
      { flat },
    )
    const shoulders = p.shoulderWidth / 0.35
    this.add(
      'upperChest',
      this.at('chest'),
      waist * 1.04 * g,
      this.local('upperChest', 0, 0.05 * m, 0.005 * m),
      0.135 * shoulders * Math.sqrt(person.bulk),
      torso,
      { flat },
    )
    const inward = 0.02 * m
    const shoulder = (side: 1 | -1) => {
      const joint = this.at(side === 1 ? 'leftUpperArm' : 'rightUpperArm')
      return joint.clone().addScaledVector(new Vector3(side, 0.3, 0).applyQuaternion(this.turn('upperChest')), -inward)
    }
    const root = this.local('upperChest', 0, neck - 0.01 * m, -0.005 * m)
    this.add('upperChest', shoulder(1), 0.056 * g, root, 0.06 * g, torso)
    this.add('upperChest', shoulder(-1), 0.056 * g, root, 0.06 * g, torso)
    if (feminine > 0.5) {
      for (const s of [1, -1]) {
        const bust = this.local('upperChest', s * 0.066 * m, 0.0, 0.075 * m)
        this.add('upperChest', bust, 0.06 * g, bust.clone(), 0.06 * g, torso)
      }
    }
    this.add('neck', this.at('neck'), 0.053 * m, this.at('head'), 0.05 * m, plain(person.skin))
    if (person.scarf) {
      const knit = lockPaint(person.scarf)
      this.add('neck', this.at('neck'), 0.078 * m, this.local('neck', 0, 0.035 * m, 0.005 * m), 0.07 * m, knit)
      const end = this.local('upperChest', 0.05 * m, -0.02 * m, 0.13 * g)
      this.add('upperChest', this.local('upperChest', 0.03 * m, neck * 0.8, 0.07 * m), 0.05 * m, end, 0.045 * m, knit)
    }
    if (person.bag) this.bag(person.bag)
    if (backpack) {
      const bag: Paint = (_x, y, _z, out) => {
        const shade = Math.abs(y + 0.14 * m) < 0.015 ? 0.4 : 1
        for (let c = 0; c < 3; c++) out[c] = backpack[c]! * shade
      }
      const from = this.local('upperChest', 0, 0.06 * m, -0.2 * m)
      this.add('upperChest', from, 0.13 * m, this.local('upperChest', 0, -0.2 * m, -0.19 * m), 0.15 * m, bag, {
        flat: [0, 0, 1, 1.6],
      })
    }
  }

  /** At the hip on a strap, or hanging from a hand. */
  private bag({ colour, carried, side }: NonNullable<Person['bag']>) {
    const { m } = this
    const leather: Paint = (_x, y, _z, out) => {
      const shade = Math.abs(y - Math.round(y / 0.09) * 0.09) < 0.006 ? 0.5 : 1
      for (let c = 0; c < 3; c++) out[c] = colour[c]! * shade
    }
    const top = carried
      ? this.at(side === 1 ? 'leftMiddleProximal' : 'rightMiddleProximal')
          .clone()
          .add(new Vector3(0, -0.16 * m, 0))
      : this.local('hips', side * 0.2 * m, -0.04 * m, 0.02 * m)
    const bottom = top.clone().add(new Vector3(0, -0.1 * m, 0))
    this.add('hips', top, 0.1 * m, bottom, 0.12 * m, leather, { flat: [1, 0, 0, 1.9] })
  }

  private head() {
    const { person } = this
    const h = person.proportions.head
    const { style, colour } = person.hair
    const p = (x: number, y: number, z: number) => this.local('head', x * h, y * h, z * h)
    const put = (
      a: Vector3,
      ra: number,
      b: Vector3,
      rb: number,
      paint: Paint,
      flat?: readonly [number, number, number, number],
    ) => {
      this.add('head', a, ra * h, b, rb * h, paint, flat ? { flat } : {})
    }
    const narrow = [1, 0, 0, 1.14] as const
    put(p(0, 0.14, 0.12), 0.33, p(0, 0.56, 0.02), 0.45, headPaint(person, h), narrow)
    put(
      p(0, 0.33, 0.46),
      0.06,
      p(0, 0.23, 0.5),
      0.08,
      plain([person.skin[0] * 0.9, person.skin[1] * 0.86, person.skin[2] * 0.84]),
    )
    for (const s of [1, -1]) put(p(s * 0.4, 0.36, 0), 0.09, p(s * 0.4, 0.28, 0.01), 0.06, plain(person.skin))
    const locks = lockPaint(colour)
    if (person.hat) {
      const crown = plain(person.hat.colour)
      put(p(0, 0.72, -0.02), 0.47, p(0, 0.8, -0.03), 0.42, crown, narrow)
      if (person.hat.kind === 'cap') put(p(0, 0.78, 0.3), 0.24, p(0, 0.74, 0.62), 0.2, crown, [0, 1, 0, 5])
      if (person.hat.kind === 'wide') put(p(0, 0.68, 0.02), 0.95, p(0, 0.69, 0), 0.95, crown, [0, 1, 0, 14])
    }
    if (style === 'bald') return
    if (style === 'afro' && !person.hat) put(p(0, 0.66, -0.12), 0.6, p(0, 0.6, -0.16), 0.58, locks)
    else if (!person.hat) put(p(0, 0.63, -0.05), 0.47, p(0, 0.36, -0.16), 0.42, locks, [1, 0, 0, 1.08])
    if (style === 'long') {
      put(p(0, 0.5, -0.16), 0.45, p(0, -0.55, -0.24), 0.36, locks, [0, 0, 1, 1.35])
      for (const s of [1, -1]) put(p(s * 0.34, 0.5, 0.02), 0.15, p(s * 0.38, -0.35, 0.02), 0.1, locks)
    } else if (style === 'tied') {
      put(p(0, 0.66, -0.48), 0.14, p(0, -0.15, -0.72), 0.09, locks)
    }
  }

  private arm(side: 'left' | 'right') {
    const { g, person } = this
    const { upperArm, lowerArm } = person.proportions
    const covered = person.sleeve * (upperArm + lowerArm)
    const thick = (reach: number) => (covered > reach ? 0.007 * this.m : 0)
    const [shoulder, elbow, wrist] = [this.at(`${side}UpperArm`), this.at(`${side}LowerArm`), this.at(`${side}Hand`)]
    const loose = thick(0)
    this.add(
      `${side}UpperArm`,
      shoulder,
      0.052 * g + loose,
      elbow,
      0.041 * g + thick(upperArm * 0.9),
      limbPaint(person.top, covered, person.skin, 'x'),
    )
    const lower = limbPaint(person.top, covered - upperArm, person.skin, 'x')
    this.add(
      `${side}LowerArm`,
      elbow,
      0.041 * g + thick(upperArm),
      wrist,
      0.029 * g + thick(upperArm + lowerArm * 0.9),
      lower,
    )
  }

  private hand(side: 'left' | 'right') {
    const { m, person } = this
    const skin = plain(person.skin)
    const size = person.proportions.hand / 0.185
    const wrist = this.at(`${side}Hand`)
    const palm = (finger: 'Index' | 'Little', ra: number) => {
      this.add(`${side}Hand`, wrist, ra * size, this.at(`${side}${finger}Proximal`), 0.02 * size, skin, {
        flat: [0, 1, 0, 1.25],
        hand: true,
      })
    }
    palm('Index', 0.027)
    palm('Little', 0.024)
    for (const finger of ['Thumb', 'Index', 'Middle', 'Ring', 'Little'] as const) {
      const chain: JointName[] = [...fingerBones(side, finger), `${side}${finger}Tip`]
      const radius = (finger === 'Thumb' ? 0.0135 : finger === 'Little' ? 0.0095 : 0.0115) * m
      for (let i = 0; i + 1 < chain.length; i++)
        this.add(`${side}Hand`, this.at(chain[i]!), radius, this.at(chain[i + 1]!), radius * 0.93, skin, { hand: true })
    }
  }

  private leg(side: 'left' | 'right') {
    const { m, g, person } = this
    const { upperLeg, lowerLeg, ankle } = person.proportions
    const covered = person.skirt ? 0 : person.leg * (upperLeg + lowerLeg)
    const loose = (reach: number) => (covered > reach ? 0.008 * m : 0)
    const [hip, knee, foot] = [this.at(`${side}UpperLeg`), this.at(`${side}LowerLeg`), this.at(`${side}Foot`)]
    const upper = limbPaint(person.bottom, covered, person.skin, 'y')
    this.add(`${side}UpperLeg`, hip, 0.088 * g, knee, 0.056 * g + loose(upperLeg * 0.8), upper)
    const full = covered > upperLeg + lowerLeg * 0.8
    const shin = shinPaint(person, covered - upperLeg, lowerLeg, full ? 0 : person.boots * lowerLeg)
    const end = 0.037 * g * (full ? person.flare : 1)
    this.add(`${side}LowerLeg`, knee, 0.055 * g + loose(upperLeg), foot, end, shin)
    const calf = this.local(`${side}LowerLeg`, 0, -0.28 * lowerLeg, -0.012 * m)
    if (!full)
      this.add(
        `${side}LowerLeg`,
        calf,
        0.056 * g,
        this.local(`${side}LowerLeg`, 0, -0.6 * lowerLeg, -0.004 * m),
        0.044 * g,
        shin,
      )
    const r = 0.042 * m
    const lift = (joint: JointName, bone: BoneName, by: number) =>
      new Vector3(0, by, 0).applyQuaternion(this.turn(bone)).add(this.at(joint))
    const shoe = shoePaint(person, -ankle + 0.022 * m)
    const toe = shoePaint(person, -0.25 * ankle + 0.02 * m)
    const ball = lift(`${side}Toes`, `${side}Foot`, 0.036 * m - 0.25 * ankle)
    this.add(`${side}Foot`, lift(`${side}Heel`, `${side}Foot`, r), r, ball, 0.038 * m, shoe)
    this.add(`${side}Foot`, foot, 0.042 * m, ball, 0.034 * m, shoe)
    this.add(`${side}Toes`, ball, 0.038 * m, lift(`${side}ToeTip`, `${side}Toes`, 0.026 * m), 0.027 * m, toe)
  }

  /** A fan of pleats from the waist to `share` of the leg; each hangs between the legs according to where it is round the hips. */
  private pleats(cloth: Cloth, share: number, above: number, wider: number) {
    const { m, g, person } = this
    const { upperLeg, lowerLeg } = person.proportions
    const length = share * (upperLeg + lowerLeg)
    const below = (side: 'left' | 'right') => {
      const [hip, knee, foot] = [this.at(`${side}UpperLeg`), this.at(`${side}LowerLeg`), this.at(`${side}Foot`)]
      return length < upperLeg
        ? hip.clone().lerp(knee, length / upperLeg)
        : knee.clone().lerp(foot, (length - upperLeg) / lowerLeg)
    }
    const [left, right] = [below('left'), below('right')]
    const width = (0.065 + 0.19 * share) * g * wider
    const axis = (x: number, z: number) => new Vector3(x, 0, z).applyQuaternion(this.turn('hips'))
    const core = left
      .clone()
      .lerp(right, 0.5)
      .lerp(this.local('hips', 0, above * m, 0), 0.3)
    this.add('hips', this.at('hips'), 0.1 * g * wider, core, width * 0.6, pleatPaint(cloth, 0.3))
    for (let i = 0; i < PLEATS; i++) {
      const angle = (2 * Math.PI * (i + 0.5)) / PLEATS
      const [s, c] = [Math.sin(angle), Math.cos(angle)]
      const waist = this.local('hips', 0.075 * g * wider * s, above * m, 0.05 * g * wider * c)
      const hem = right.clone().lerp(left, 0.5 + 0.5 * s)
      hem.add(axis(width * 0.7 * s, width * 0.8 * c))
      this.add(
        'hips',
        waist,
        0.05 * g * wider,
        hem,
        (0.042 + 0.022 * share) * g,
        pleatPaint(cloth, i * cloth.cell * 0.5),
      )
    }
  }
}
