// The person's shadow on the floor: the body's main bones thrown along the light as soft strokes, and the dark spot under each foot.
import type { WorldPose } from '../../motion/motion'
import type { JointName } from '../../motion/rig'
import { floorShare } from './floor-light'
import type { FloorLight, Light } from './place'
import { raysOf } from './place-image'
import type { Canvas } from './place-image'
import type { Camera } from '../../motion/camera'

/** Bones that throw a shadow and their radius in metres for a body of 1.72 m. */
const BONES: readonly (readonly [JointName, JointName, number])[] = [
  ['hips', 'upperChest', 0.14],
  ['upperChest', 'headTop', 0.09],
  ...(['left', 'right'] as const).flatMap(
    (side) =>
      [
        [`${side}UpperArm`, `${side}LowerArm`, 0.05],
        [`${side}LowerArm`, `${side}Hand`, 0.04],
        [`${side}UpperLeg`, `${side}LowerLeg`, 0.085],
        [`${side}LowerLeg`, `${side}Foot`, 0.055],
        [`${side}Heel`, `${side}ToeTip`, 0.045],
      ] as const,
  ),
]

/** A stroke on the floor: from (ax, az) to (bx, bz), radius there, softness of its edge. */
interface Stroke {
  ax: number
  az: number
  bx: number
  bz: number
  radius: number
  soft: number
  strength: number
}

/** Darkens the floor samples of `canvas` (an empty place drawn by drawPlace) where the person keeps the light off. */
export function drawShadow(
  pose: WorldPose,
  size: number,
  light: Light,
  floor: FloorLight,
  camera: Camera,
  canvas: Canvas,
): void {
  const sun = castStrokes(pose, size, light)
  const contact = contactStrokes(pose, size)
  const bounds = boundsOf([...sun, ...contact])
  const { origin, axes, step, cx, cy } = raysOf(camera)
  const { width, height, depth, colour } = canvas
  for (let j = 0, at = 0; j < height; j++) {
    const v = (j + 0.5) * step - cy
    for (let i = 0; i < width; i++, at++) {
      const t = depth[at]!
      const u = (i + 0.5) * step - cx
      const y = origin[1] + t * (axes[1]! * u + axes[4]! * v + axes[7]!)
      if (!(y < 0.02) || t === Infinity) continue
      const x = origin[0] + t * (axes[0]! * u + axes[3]! * v + axes[6]!)
      const z = origin[2] + t * (axes[2]! * u + axes[5]! * v + axes[8]!)
      if (x < bounds.x0 || x > bounds.x1 || z < bounds.z0 || z > bounds.z1) continue
      const shade = cover(sun, x, z)
      const near = cover(contact, x, z)
      if (shade + near < 0.004) continue
      const lit = floorShare(floor, floor.direct, x, z) * mainShare(light, x, z)
      for (let c = 0; c < 3; c++) {
        const direct = lit * light.colour[c]!
        const around = light.above[c]!
        colour[at * 3 + c]! *= (direct * (1 - shade) + around * (1 - 0.75 * near)) / (direct + around)
      }
    }
  }
}

/** The main light that reaches open floor at (x, z), as a share of its colour. */
function mainShare({ lamp, towards }: Light, x: number, z: number): number {
  if (!lamp) return towards[1]
  const distance = Math.hypot(lamp.x - x, lamp.y, lamp.z - z)
  return lamp.y / distance / (1 + (distance / lamp.reach) ** 2)
}

function castStrokes(pose: WorldPose, size: number, light: Light): Stroke[] {
  const thrown = (joint: JointName): [number, number, number] => {
    const p = pose.positions.get(joint)!
    const height = Math.max(0, p.y)
    const { lamp } = light
    if (lamp) {
      const rise = Math.max(0.3, lamp.y - height)
      const by = Math.min(3, height / rise)
      return [p.x + (p.x - lamp.x) * by, p.z + (p.z - lamp.z) * by, height]
    }
    const by = height / Math.max(0.12, light.towards[1])
    return [p.x - light.towards[0] * by, p.z - light.towards[2] * by, height]
  }
  return BONES.map(([from, to, radius]) => {
    const [ax, az, low] = thrown(from)
    const [bx, bz, high] = thrown(to)
    const soft = 0.02 + (light.lamp ? 0.12 : 0.035) * (low + high) * 0.5
    return { ax, az, bx, bz, radius: radius * size, soft, strength: radius * size > soft ? 1 : (radius * size) / soft }
  })
}

function contactStrokes(pose: WorldPose, size: number): Stroke[] {
  return (['left', 'right'] as const).map((side) => {
    const heel = pose.positions.get(`${side}Heel`)!
    const toe = pose.positions.get(`${side}ToeTip`)!
    const height = Math.max(0, Math.min(heel.y, toe.y))
    const strength = Math.exp(-height / 0.1)
    return { ax: heel.x, az: heel.z, bx: toe.x, bz: toe.z, radius: 0.05 * size, soft: 0.09 * size + height, strength }
  })
}

function boundsOf(strokes: readonly Stroke[]) {
  const reach = (s: Stroke) => s.radius + 2 * s.soft
  return {
    x0: Math.min(...strokes.map((s) => Math.min(s.ax, s.bx) - reach(s))),
    x1: Math.max(...strokes.map((s) => Math.max(s.ax, s.bx) + reach(s))),
    z0: Math.min(...strokes.map((s) => Math.min(s.az, s.bz) - reach(s))),
    z1: Math.max(...strokes.map((s) => Math.max(s.az, s.bz) + reach(s))),
  }
}

/** Share of the light that the strokes keep off (x, z), 0..1: the darkest of them. */
function cover(strokes: readonly Stroke[], x: number, z: number): number {
  let most = 0
  for (const { ax, az, bx, bz, radius, soft, strength } of strokes) {
    const [dx, dz] = [bx - ax, bz - az]
    const s = Math.min(1, Math.max(0, ((x - ax) * dx + (z - az) * dz) / (dx * dx + dz * dz + 1e-9)))
    const distance = Math.hypot(x - ax - s * dx, z - az - s * dz)
    const edge = Math.min(1, Math.max(0, (radius + soft - distance) / (2 * soft)))
    most = Math.max(most, strength * edge * edge * (3 - 2 * edge))
  }
  return most
}
