// The paper's three stages, and what each of them trains. The base model is frozen where it was imported; the mini preset has no
// pretrained base, so its base learns along in every stage.
export const stages = ['control', 'reference', 'joint'] as const
export type Stage = (typeof stages)[number]

/** First part of a weight's name -> the network it belongs to. */
const parts: Record<Stage, readonly string[]> = {
  // Poses alone: ControlNet and BML learn how the camera moves. Synthetic footage supervises the background flow, no picture is needed.
  control: ['control', 'bml', 'hint', 'head'],
  reference: ['reference', 'head'],
  joint: ['control', 'reference', 'bml', 'hint', 'head'],
}
const added = new Set(['control', 'reference', 'bml', 'hint', 'head'])

/** Whether `stage` trains the weight called `name`. */
export function isTrained(name: string, stage: Stage, baseFrozen: boolean): boolean {
  const part = name.slice(0, name.indexOf('.'))
  if (!added.has(part)) return !baseFrozen
  return parts[stage].includes(part)
}
