// Rectangles of the camera view: where the clip's frame lies in the panel, and which part of the place it shows.
import type { Crop } from '../../main/api'

export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** The largest rectangle of the shape of `shape` within `panel`, `margin` from its edges, centred. */
export function fitFrame(panel: Size, shape: Size, margin: number): Rect {
  const room = { width: Math.max(1, panel.width - 2 * margin), height: Math.max(1, panel.height - 2 * margin) }
  const scale = Math.min(room.width / shape.width, room.height / shape.height)
  const width = shape.width * scale
  const height = shape.height * scale
  return { x: (panel.width - width) / 2, y: (panel.height - height) / 2, width, height }
}

/** The part of a picture (pixels of it) that a frame of `shape` shows: at zoom 1 as much as fills the frame. Always inside it. */
export function cropRect(picture: Size, shape: Size, crop: Crop): Rect {
  const scale = Math.max(shape.width / picture.width, shape.height / picture.height) * crop.zoom
  const width = shape.width / scale
  const height = shape.height / scale
  const place = (centre: number, size: number, whole: number) =>
    Math.min(whole - size, Math.max(0, centre * whole - size / 2))
  return {
    x: place(crop.x, width, picture.width),
    y: place(crop.y, height, picture.height),
    width,
    height,
  }
}

/** Where the whole picture lies in the panel when its `shown` part fills `frame`. */
export function pictureRect(picture: Size, shown: Rect, frame: Rect): Rect {
  const scale = frame.width / shown.width
  return {
    x: frame.x - shown.x * scale,
    y: frame.y - shown.y * scale,
    width: picture.width * scale,
    height: picture.height * scale,
  }
}

/** The crop after the picture is dragged by (dx, dy) shares of the frame. Its centre stays where it can be shown. */
export function dragCrop(picture: Size, shape: Size, crop: Crop, dx: number, dy: number): Crop {
  const shown = cropRect(picture, shape, crop)
  const moved = (at: number, by: number, size: number, whole: number) =>
    Math.min(1 - size / 2 / whole, Math.max(size / 2 / whole, (at + size / 2 - by * size) / whole))
  return {
    x: moved(shown.x, dx, shown.width, picture.width),
    y: moved(shown.y, dy, shown.height, picture.height),
    zoom: crop.zoom,
  }
}
