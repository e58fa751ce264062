// Where in a picture something is: the smallest box around it.

/** A part of a picture, in whole pixels. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Around all of `values` [H, W] above `least`; undefined where none is. */
export function boundsOf(values: Float32Array, width: number, height: number, least: number): Box | undefined {
  let [left, top, right, bottom] = [width, height, -1, -1]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (values[y * width + x]! > least) {
        left = Math.min(left, x)
        right = Math.max(right, x)
        top = Math.min(top, y)
        bottom = y
      }
  return right < 0 ? undefined : { x: left, y: top, width: right + 1 - left, height: bottom + 1 - top }
}

/** The box with `room` pixels more on each side, as far as the picture of `width` x `height` has them. */
export function withRoom(box: Box, room: number, width: number, height: number): Box {
  const [x, y] = [Math.max(0, box.x - room), Math.max(0, box.y - room)]
  return {
    ...{ x, y },
    width: Math.min(width, box.x + box.width + room) - x,
    height: Math.min(height, box.y + box.height + room) - y,
  }
}
