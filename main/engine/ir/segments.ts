// Segments: what is made inside `segment` belongs together, a transformer block for example. A program cut into segments can be run
// one segment after another, each with its weights read when they are needed, and `grad` makes a segment's inside anew when its
// gradient is due (rematerialisation; Chen et al. 2016, "Training deep nets with sublinear memory cost"), so that only what goes from
// segment to segment is kept.

/** Whole numbers are segments; n + 0.5 is what lies between segment n and segment n + 1. */
let current = 0.5
let last = 0

/** What `build` makes is one segment. Inside another segment it belongs to that one. */
export function segment<T>(build: () => T): T {
  if (isSegment(current)) return build()
  current = ++last
  try {
    return build()
  } finally {
    current = last + 0.5
  }
}

/** Where a tensor that is made now belongs. */
export const currentSegment = (): number => current

/** Whether a place is inside a segment, not between two. */
export const isSegment = (place: number): boolean => Number.isInteger(place)
