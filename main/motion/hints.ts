// What the camera does where the poses leave it open (the paper's named limitation). The order is that of the one-hot
// vector the network reads, so new hints go to the end.

/** What the artist may say about the camera. 'auto': the poses alone decide. */
export const hints = [
  'auto',
  'static',
  'pan-left',
  'pan-right',
  'tilt-up',
  'tilt-down',
  'zoom-in',
  'zoom-out',
  'orbit-left',
  'orbit-right',
  'follow',
] as const

export type Hint = (typeof hints)[number]
