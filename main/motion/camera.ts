// A pinhole camera as photographs and geometry code understand it: OpenCV axes (x right, y down, z forward), pixels.

import { Vector3 } from 'three'

/** Row-major matrices. World: metres, y up. Pixel = K · (R·world + t), divided by its third part. */
export interface Camera {
  /** 3 x 3. */
  K: readonly number[]
  /** 3 x 4, world to camera. */
  w2c: readonly number[]
  width: number
  height: number
}

/** K of a camera with square pixels looking at the frame's centre; `focal` in pixels. */
export function intrinsics(focal: number, width: number, height: number): number[] {
  return [focal, 0, width / 2, 0, focal, height / 2, 0, 0, 1]
}

/** World-to-camera matrix (3 x 4) of a camera at `eye` looking at `target`, its top towards world up, rolled by `roll` radians. */
export function lookAt(eye: Vector3, target: Vector3, roll = 0): number[] {
  const forward = target.clone().sub(eye).normalize()
  const right = forward
    .clone()
    .cross(new Vector3(0, 1, 0))
    .normalize()
  const down = forward.clone().cross(right)
  right.applyAxisAngle(forward, roll)
  down.applyAxisAngle(forward, roll)
  return [right, down, forward].flatMap((axis) => [axis.x, axis.y, axis.z, -axis.dot(eye)])
}

/** x, y in pixels and depth in metres (along the view) of a world point. Depth <= 0 means behind the camera. */
export function projectPoint(camera: Camera, point: Vector3): [number, number, number] {
  const { K, w2c: m } = camera
  const x = m[0]! * point.x + m[1]! * point.y + m[2]! * point.z + m[3]!
  const y = m[4]! * point.x + m[5]! * point.y + m[6]! * point.z + m[7]!
  const z = m[8]! * point.x + m[9]! * point.y + m[10]! * point.z + m[11]!
  const u = K[0]! * x + K[1]! * y + K[2]! * z
  const v = K[3]! * x + K[4]! * y + K[5]! * z
  return [u / z, v / z, z]
}

/** Where the camera stands in the world. */
export function cameraCentre(camera: Camera): Vector3 {
  const m = camera.w2c
  const t = [m[3]!, m[7]!, m[11]!]
  const along = (column: number) => -(m[column]! * t[0]! + m[4 + column]! * t[1]! + m[8 + column]! * t[2]!)
  return new Vector3(along(0), along(1), along(2))
}
