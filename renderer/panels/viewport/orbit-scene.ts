// The orbit view's world: the body where it is, its way along the ground, the clip's camera with what it sees, and a ground to stand
// on. Drawn only when something has changed.
import {
  Box3,
  BufferAttribute,
  BufferGeometry,
  CanvasTexture,
  Color,
  CylinderGeometry,
  DirectionalLight,
  DoubleSide,
  Fog,
  HemisphereLight,
  InstancedMesh,
  Line,
  LineBasicMaterial,
  LineSegments,
  Matrix4,
  Mesh,
  MeshBasicMaterial,
  MeshStandardMaterial,
  PerspectiveCamera,
  PlaneGeometry,
  Points,
  PointsMaterial,
  Quaternion,
  SRGBColorSpace,
  Scene,
  SphereGeometry,
  Spherical,
  Vector3,
  WebGLRenderer,
} from 'three'
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js'
import type { Crop } from '../../../main/api'
import { cameraCentre } from '../../../main/motion'
import type { Camera } from '../../../main/motion'
import { rigLinks } from '../../editor/motion-figure'
import { cropRect } from '../../editor/motion-frame'
import type { SampledBody } from '../../editor/motion-sample'
import { colours } from '../animate/colours'
import type { Place } from './place'

/** Metres. */
const limbRadius = 0.026
const jointRadius = 0.034
const up = new Vector3(0, 1, 0)
const joints = rigLinks.filter((link) => link.joint)

export class OrbitScene {
  private readonly renderer: WebGLRenderer
  private readonly scene = new Scene()
  private readonly eye = new PerspectiveCamera(38, 1, 0.05, 200)
  private readonly controls: OrbitControls
  private readonly limbs: InstancedMesh
  private readonly knobs: InstancedMesh
  private readonly grid = groundGrid()
  private readonly trail = new Points(
    new BufferGeometry(),
    new PointsMaterial({ color: colours().accent, size: 0.035 }),
  )
  private readonly cone = new LineSegments(
    new BufferGeometry().setAttribute('position', new BufferAttribute(new Float32Array(8 * 2 * 3), 3)),
    new LineBasicMaterial({ color: colours().fg2, transparent: true, opacity: 0.7 }),
  )
  private readonly backdrop = new Mesh(
    new PlaneGeometry(1, 1),
    new MeshBasicMaterial({ side: DoubleSide, transparent: true, opacity: 0.55, depthWrite: false }),
  )
  private body: SampledBody | undefined
  private drawn = 0

  /** Throws when the canvas gives no WebGL context. */
  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext('webgl2', { antialias: true })
    if (!context) throw new Error('this machine gives the window no WebGL')
    this.renderer = new WebGLRenderer({ canvas, context })
    const { bg0 } = colours()
    this.scene.background = new Color(bg0)
    this.scene.fog = new Fog(bg0, 9, 26)
    const sun = new DirectionalLight('#ffffff', 2.2)
    sun.position.set(3, 6, 4)
    this.limbs = figurePart(new CylinderGeometry(1, 1, 1, 12), rigLinks.length)
    this.knobs = figurePart(new SphereGeometry(1, 16, 12), joints.length)
    rigLinks.forEach((link, i) => this.limbs.setColorAt(i, new Color(colours()[link.side])))
    joints.forEach((_, i) => this.knobs.setColorAt(i, new Color(colours().fg0)))
    this.backdrop.visible = false
    this.backdrop.renderOrder = -1
    this.scene.add(this.grid, new HemisphereLight('#dfe6f5', '#2a2d35', 1.6), sun)
    this.scene.add(this.limbs, this.knobs, this.trail, this.cone, this.backdrop)
    for (const part of [this.trail, this.cone, this.limbs, this.knobs, this.backdrop]) part.frustumCulled = false
    this.controls = new OrbitControls(this.eye, canvas)
    this.controls.maxPolarAngle = 0.56 * Math.PI
    this.controls.minDistance = 0.6
    this.controls.maxDistance = 40
    this.controls.addEventListener('change', this.draw)
  }

  resize(width: number, height: number, ratio: number): void {
    this.renderer.setPixelRatio(ratio)
    this.renderer.setSize(width, height, false)
    this.eye.aspect = width / height
    this.eye.updateProjectionMatrix()
    this.draw()
  }

  /** Another motion; the view goes to it when `reset`. */
  show(body: SampledBody, trails: boolean, reset: boolean): void {
    this.body = body
    const way = dots(Array.from({ length: body.frames }, (_, frame) => jointAt(body, frame, 'hips').setY(0.01)))
    this.trail.geometry.dispose()
    this.trail.geometry = new BufferGeometry().setFromPoints(way)
    this.trail.visible = trails && way.length > 3
    const middle = way[way.length >> 1]
    this.grid.position.set(Math.round(middle.x), 0, Math.round(middle.z))
    if (reset) this.reset()
  }

  /** What the clip's camera sees of the place, as a picture behind the body. */
  hang(place: Place | undefined, shape: { width: number; height: number }, crop: Crop): void {
    const material = this.backdrop.material
    material.map?.dispose()
    material.map = null
    this.backdrop.visible = place !== undefined
    if (place) {
      const shown = cropRect(place, shape, crop)
      const canvas = document.createElement('canvas')
      canvas.width = 1024
      canvas.height = Math.max(1, Math.round((1024 * shape.height) / shape.width))
      const scale = place.bitmap.width / place.width
      const { x, y, width, height } = shown
      canvas
        .getContext('2d')!
        .drawImage(
          place.bitmap,
          ...([x * scale, y * scale, width * scale, height * scale] as const),
          ...([0, 0, canvas.width, canvas.height] as const),
        )
      material.map = new CanvasTexture(canvas)
      material.map.colorSpace = SRGBColorSpace
    }
    material.needsUpdate = true
    this.draw()
  }

  /** Poses the body of `frame`. */
  pose(frame: number): void {
    const { body } = this
    if (!body) return
    const at = Math.min(body.frames - 1, frame)
    rigLinks.forEach((link, i) => {
      const from = jointAt(body, at, link.from)
      const to = jointAt(body, at, link.to)
      this.limbs.setMatrixAt(i, between(from, to, limbRadius * link.weight))
    })
    joints.forEach((link, i) => {
      const place = jointAt(body, at, link.to)
      this.knobs.setMatrixAt(i, new Matrix4().makeScale(jointRadius, jointRadius, jointRadius).setPosition(place))
    })
    this.limbs.instanceMatrix.needsUpdate = true
    this.knobs.instanceMatrix.needsUpdate = true
    this.placeCamera(body.cameras[at], jointAt(body, at, 'hips'))
    this.draw()
  }

  /** Looks at the whole way of the body, from beside the clip's camera and a little above. */
  reset(): void {
    const { body } = this
    if (!body) return
    const around = new Box3()
    for (let at = 0; at < body.frames; at++) around.expandByPoint(jointAt(body, at, 'hips'))
    const centre = around.getCenter(new Vector3()).setY(0.5 * body.tall)
    const reach = Math.min(4, around.getSize(new Vector3()).setY(0).length() / 2)
    const seen = cameraCentre(body.cameras[0]).sub(jointAt(body, 0, 'hips'))
    const side = Math.atan2(seen.x, seen.z) + 0.6
    this.controls.target.copy(centre)
    this.eye.position.copy(centre).add(new Vector3().setFromSphericalCoords(5 + reach, 1.22, side))
    this.controls.update()
    this.draw()
  }

  /** Turns by radians about the target and scales the distance: the keyboard's way of orbiting. */
  turn(around: number, over: number, distance: number): void {
    const { target, minDistance, maxDistance, maxPolarAngle } = this.controls
    const at = new Spherical().setFromVector3(this.eye.position.clone().sub(target))
    at.theta += around
    at.phi = Math.min(maxPolarAngle, Math.max(0.05, at.phi + over))
    at.radius = Math.min(maxDistance, Math.max(minDistance, at.radius * distance))
    this.eye.position.setFromSpherical(at).add(target)
    this.controls.update()
    this.draw()
  }

  dispose(): void {
    cancelAnimationFrame(this.drawn)
    this.controls.dispose()
    this.scene.traverse((object) => {
      if (!(object instanceof Mesh || object instanceof Line || object instanceof Points)) return
      ;(object.geometry as BufferGeometry).dispose()
      for (const material of [object.material].flat()) material.dispose()
    })
    this.backdrop.material.map?.dispose()
    this.renderer.dispose()
  }

  /** The clip's camera as a pyramid whose base, with the backdrop, lies a little behind the body. */
  private placeCamera(camera: Camera, subject: Vector3): void {
    const centre = cameraCentre(camera)
    const { K, w2c: m, width, height } = camera
    const [right, down, forward] = [0, 4, 8].map((row) => new Vector3(m[row], m[row + 1], m[row + 2]))
    const depth = subject.clone().sub(centre).dot(forward) + 1.1
    const corner = (u: number, v: number, far: number) =>
      centre
        .clone()
        .addScaledVector(forward, far)
        .addScaledVector(right, ((u - K[2]) / K[0]) * far)
        .addScaledVector(down, ((v - K[5]) / K[4]) * far)
    const corners = [
      corner(0, 0, depth),
      corner(width, 0, depth),
      corner(width, height, depth),
      corner(0, height, depth),
    ]
    const lines = corners.flatMap((place, i) => [centre, place, place, corners[(i + 1) % 4]])
    const positions = this.cone.geometry.getAttribute('position')
    lines.forEach((place, i) => positions.setXYZ(i, place.x, place.y, place.z))
    positions.needsUpdate = true
    const middle = corners[0].clone().add(corners[2]).multiplyScalar(0.5)
    this.backdrop.position.copy(middle)
    this.backdrop.scale.set(corners[0].distanceTo(corners[1]), corners[0].distanceTo(corners[3]), 1)
    this.backdrop.quaternion.setFromRotationMatrix(
      new Matrix4().makeBasis(right, down.clone().negate(), forward.clone().negate()),
    )
  }

  /** Draws before the next repaint; many changes are one drawing. */
  private readonly draw = (): void => {
    if (this.drawn) return
    this.drawn = requestAnimationFrame(() => {
      this.drawn = 0
      this.renderer.render(this.scene, this.eye)
    })
  }
}

/** Lines a metre apart, in pieces a metre long: long lines that pass behind the eye are clipped badly by some drivers. */
function groundGrid(): LineSegments {
  const points: Vector3[] = []
  for (let across = -groundSize; across <= groundSize; across++)
    for (let along = -groundSize; along < groundSize; along++) {
      points.push(new Vector3(across, 0, along), new Vector3(across, 0, along + 1))
      points.push(new Vector3(along, 0, across), new Vector3(along + 1, 0, across))
    }
  const material = new LineBasicMaterial({ color: colours().bg4 })
  return new LineSegments(new BufferGeometry().setFromPoints(points), material)
}

/** Metres from its middle to its edge. */
const groundSize = 24
/** Metres between two dots of the way. */
const dotGap = 0.08

/** Places along a way at equal distances. */
function dots(way: readonly Vector3[]): Vector3[] {
  const found = [way[0]]
  for (const place of way) {
    let gap = place.distanceTo(found[found.length - 1])
    while (gap >= dotGap) {
      found.push(found[found.length - 1].clone().lerp(place, dotGap / gap))
      gap -= dotGap
    }
  }
  return found
}

function figurePart(geometry: BufferGeometry, count: number): InstancedMesh {
  return new InstancedMesh(geometry, new MeshStandardMaterial({ roughness: 0.55 }), count)
}

function jointAt(body: SampledBody, frame: number, name: SampledBody['names'][number]): Vector3 {
  return new Vector3().fromArray(body.joints, (frame * body.names.length + body.names.indexOf(name)) * 3)
}

/** Brings a cylinder of length 1 along y between two places. */
function between(from: Vector3, to: Vector3, thick: number): Matrix4 {
  const along = to.clone().sub(from)
  const length = along.length()
  const turn = new Quaternion().setFromUnitVectors(up, length > 0 ? along.multiplyScalar(1 / length) : up)
  const middle = from.clone().add(to).multiplyScalar(0.5)
  return new Matrix4().compose(middle, turn, new Vector3(thick, length, thick))
}
