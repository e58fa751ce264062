// A clip: footage with everything that training needs to know about it, synthetic or real. One safetensors file each.
import { UserError } from '../../media/errors'
import type { Keypoints } from '../../motion/types'
import { hostTensor } from '../ir'
import type { DType, HostTensor } from '../ir'
import { hints } from '../../motion/hints'
import type { Hint } from '../../motion/hints'
import { readSafetensors, writeSafetensors } from '../weights/safetensors'

/** Pixels per side of a cell of the background flow. */
export const FLOW_CELL = 8

/** All of a clip that needs no pixel: what the camera is learned from. T frames of height H and width W, multiples of 8. */
export interface PoseClip {
  readonly id: string
  /** Where it comes from: 'synth' or the name of the footage. */
  readonly source: string
  readonly width: number
  readonly height: number
  readonly fps: number
  readonly hint: Hint
  /** What the camera does, in words; for statistics, never for training. */
  readonly cameraMode: string
  /** T poses, in pixels of the frame. */
  readonly poses: readonly Keypoints[]
  /** [T, 3, 3] K, pixels; zeros where the cameras are unknown. */
  readonly intrinsics: Float32Array
  /** [T, 3, 4] world to camera, OpenCV axes (x right, y down, z forward), metres. */
  readonly extrinsics: Float32Array
  /** [T, H/8, W/8, 2]: from the centre of each 8x8 cell of frame t to where that background point is seen in frame 0, pixels, x then y. */
  readonly backgroundFlow: Float32Array
  /** [T, H/8, W/8]: 1 where the flow is known and does not lead far out of frame 0. */
  readonly backgroundFlowValid: Uint8Array
  /**
   * [T, 4] dx, dy, z, r: the similarity that fits best what is endlessly far does when the camera turns and zooms. Its point at u in frame t
   * (pixels from the frame's centre) is seen in frame 0 at exp(z) R(r) u + (dx, dy) with R(r) = [[cos r, -sin r], [sin r, cos r]]; row 0 is 0.
   */
  readonly cameraPath: Float32Array
  /**
   * [T, 3] where the camera went since frame 0, by frame 0's axes, in units of the person's distance there: x and y times the focal length, so
   * that they are pixels of frame 0, and z, forward. The nearer something is, the more it goes another way than `cameraPath` by this.
   */
  readonly travel: Float32Array
  /** [H/8, W/8] how near the background is at the centres of the first frame's cells: the person's distance over its own. 0: the sky; all 0: not known. */
  readonly nearness: Float32Array
}

/** A clip of which single pictures are seen: the place, and the person elsewhere. */
export interface PlaceClip extends PoseClip, Pick<Clip, 'referenceHuman'> {
  /** [H, W, 3]: the place without the person, as frame 0 shows it. */
  readonly ground: Uint8Array
  /** Log of how much brighter than in `referenceHuman` the person is in frame 0: red, green, blue. */
  readonly light: readonly number[]
}

export interface Clip extends PoseClip {
  /** [T, H, W, 3] bytes. */
  readonly frames: Uint8Array
  /** [T, H, W, 3]: the place without the person. */
  readonly background: Uint8Array
  /** [T, H, W] 0..255: how much of the pixel the person, or a hand, covers. */
  readonly humanMask: Uint8Array
  readonly handMask: Uint8Array
  /** [H, W, 3]: the person on neutral grey (127) at another moment; its mask [H, W] 0..255 and key points there. */
  readonly referenceHuman: Uint8Array
  readonly referenceMask: Uint8Array
  readonly reference: Keypoints
}

/** Log of how much brighter `lit` is than `plain`, per channel, where their masks (0..255) show somebody; 0 where one shows nobody. */
export function lightBetween(lit: readonly [picture: Uint8Array, mask: Uint8Array], plain: typeof lit): number[] {
  const meansOf = ([picture, mask]: typeof lit) => {
    const sums = [0, 0, 0]
    let covered = 0
    mask.forEach((share, i) => {
      if (share <= 127) return
      covered++
      for (let c = 0; c < 3; c++) sums[c]! += picture[i * 3 + c]!
    })
    return covered ? sums.map((sum) => Math.max(sum / covered, 1)) : undefined
  }
  const [a, b] = [meansOf(lit), meansOf(plain)]
  return [0, 1, 2].map((c) => (a && b ? Math.log(a[c]! / b[c]!) : 0))
}

interface Layout {
  dtype: DType
  shape: readonly number[]
}

/** Every tensor of a clip file. */
function layout(T: number, H: number, W: number): Record<string, Layout> {
  const u8 = (...shape: number[]): Layout => ({ dtype: 'uint8', shape })
  const f32 = (...shape: number[]): Layout => ({ dtype: 'float32', shape })
  return {
    frames: u8(T, H, W, 3),
    background: u8(T, H, W, 3),
    human_mask: u8(T, H, W),
    hand_mask: u8(T, H, W),
    reference_human: u8(H, W, 3),
    reference_mask: u8(H, W),
    reference_body: f32(18, 3),
    reference_left_hand: f32(21, 3),
    reference_right_hand: f32(21, 3),
    body: f32(T, 18, 3),
    left_hand: f32(T, 21, 3),
    right_hand: f32(T, 21, 3),
    intrinsics: f32(T, 3, 3),
    extrinsics: f32(T, 3, 4),
    background_flow: f32(T, H / FLOW_CELL, W / FLOW_CELL, 2),
    background_flow_valid: u8(T, H / FLOW_CELL, W / FLOW_CELL),
    camera_path: f32(T, 4),
    travel: f32(T, 3),
    nearness: f32(H / FLOW_CELL, W / FLOW_CELL),
  }
}

/** Writes the clip, whole or not at all; the same clip always gives the same bytes. Throws UserError when it cannot be written. */
export function writeClip(file: string, clip: Clip): void {
  const join = (part: keyof Keypoints, points: number) => {
    const all = new Float32Array(clip.poses.length * points * 3)
    clip.poses.forEach((pose, t) => {
      all.set(pose[part], t * points * 3)
    })
    return all
  }
  const data: Record<string, Float32Array | Uint8Array> = {
    frames: clip.frames,
    background: clip.background,
    human_mask: clip.humanMask,
    hand_mask: clip.handMask,
    reference_human: clip.referenceHuman,
    reference_mask: clip.referenceMask,
    reference_body: clip.reference.body,
    reference_left_hand: clip.reference.leftHand,
    reference_right_hand: clip.reference.rightHand,
    body: join('body', 18),
    left_hand: join('leftHand', 21),
    right_hand: join('rightHand', 21),
    intrinsics: clip.intrinsics,
    extrinsics: clip.extrinsics,
    background_flow: clip.backgroundFlow,
    background_flow_valid: clip.backgroundFlowValid,
    camera_path: clip.cameraPath,
    travel: clip.travel,
    nearness: clip.nearness,
  }
  const tensors: Record<string, HostTensor> = {}
  for (const [name, { shape, dtype }] of Object.entries(layout(clip.poses.length, clip.height, clip.width)))
    tensors[name] = hostTensor(data[name]!, shape, dtype)
  const { id, fps, hint, source, cameraMode } = clip
  writeSafetensors(file, tensors, {
    id: JSON.stringify(id),
    fps: JSON.stringify(fps),
    hint: JSON.stringify(hint),
    source: JSON.stringify(source),
    camera_mode: JSON.stringify(cameraMode),
  })
}

/** Reads a clip; UserError naming the file for anything that is not one: a tensor missing, of wrong type or shape, numbers that are none. */
export function readClip(file: string): Clip {
  const { tensors, metadata } = readSafetensors(file)
  const bad = (what: string) =>
    new UserError(`${file} is not a clip: ${what}; make it again with 'anywhere synth' or 'anywhere analyse'`)
  const [T, H, W] = sizeOf(tensors.get('frames'), bad)
  for (const [name, { dtype, shape }] of Object.entries(layout(T, H, W))) {
    const tensor = tensors.get(name)
    if (!tensor) throw bad(`tensor '${name}' is missing`)
    if (tensor.dtype !== dtype || tensor.shape.join() !== shape.join())
      throw bad(
        `tensor '${name}' is ${tensor.dtype} [${tensor.shape.join(', ')}], expected ${dtype} [${shape.join(', ')}]`,
      )
    if (dtype === 'float32' && !(tensor.data as Float32Array).every(Number.isFinite))
      throw bad(`tensor '${name}' holds numbers that are not finite`)
  }
  const bytes = (name: string) => tensors.get(name)!.data as Uint8Array
  const floats = (name: string) => tensors.get(name)!.data as Float32Array
  const [body, leftHand, rightHand] = [floats('body'), floats('left_hand'), floats('right_hand')]
  return {
    ...readMetadata(metadata, bad),
    width: W,
    height: H,
    poses: Array.from({ length: T }, (_, t) => ({
      body: body.slice(t * 54, t * 54 + 54),
      leftHand: leftHand.slice(t * 63, t * 63 + 63),
      rightHand: rightHand.slice(t * 63, t * 63 + 63),
    })),
    frames: bytes('frames'),
    background: bytes('background'),
    humanMask: bytes('human_mask'),
    handMask: bytes('hand_mask'),
    referenceHuman: bytes('reference_human'),
    referenceMask: bytes('reference_mask'),
    reference: {
      body: floats('reference_body'),
      leftHand: floats('reference_left_hand'),
      rightHand: floats('reference_right_hand'),
    },
    intrinsics: floats('intrinsics'),
    extrinsics: floats('extrinsics'),
    backgroundFlow: floats('background_flow'),
    backgroundFlowValid: bytes('background_flow_valid'),
    cameraPath: floats('camera_path'),
    travel: floats('travel'),
    nearness: floats('nearness'),
  }
}

function sizeOf(frames: HostTensor | undefined, bad: (what: string) => Error): [number, number, number] {
  if (!frames) throw bad("tensor 'frames' is missing")
  const [T = 0, H = 0, W = 0, colours] = frames.shape
  if (frames.shape.length !== 4 || colours !== 3 || T < 1)
    throw bad(`its frames have shape [${frames.shape.join(', ')}], not [T, H, W, 3]`)
  if (H < FLOW_CELL || W < FLOW_CELL || H % FLOW_CELL || W % FLOW_CELL)
    throw bad(`its frames are ${W}x${H}; both sides must be multiples of ${FLOW_CELL}`)
  return [T, H, W]
}

function readMetadata(metadata: Record<string, string>, bad: (what: string) => Error) {
  const read = (name: string): unknown => {
    try {
      return JSON.parse(metadata[name] ?? 'null')
    } catch {
      throw bad(`its '${name}' is not JSON`)
    }
  }
  const text = (name: string): string => {
    const value = read(name)
    if (typeof value !== 'string') throw bad(`its '${name}' is missing`)
    return value
  }
  const fps = read('fps')
  if (typeof fps !== 'number' || !(fps > 0)) throw bad(`its fps is ${JSON.stringify(fps)}`)
  const hint = text('hint')
  if (!hints.includes(hint as Hint)) throw bad(`its hint '${hint}' is none of ${hints.join(', ')}`)
  return { id: text('id'), source: text('source'), cameraMode: text('camera_mode'), fps, hint: hint as Hint }
}
