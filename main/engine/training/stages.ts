// The paper's three stages, and what each of them trains; before them 'poses', in which the mini preset's ControlNet learns to read numbers. The base model is frozen where it was imported; the mini preset has no
// pretrained base, so its base learns along in every stage. 'adapter' comes after them: a small LoRA of an artist's own footage, beside
// a model of which nothing changes.
import { adapterPrefix } from '../weights/adapter'

export const stages = ['poses', 'control', 'reference', 'joint', 'adapter'] as const
export type Stage = (typeof stages)[number]

/** Beginnings of weights' names. Of the composition head, the camera belongs to the poses, who-is-seen-where to the human. */
const camera = ['control.', 'bml.', 'camera.', 'hint.', 'head.velocity.', 'head.local_flow.']
const human = ['reference.', 'head.features.', 'head.refiner.']
const parts: Record<Exclude<Stage, 'adapter'>, readonly string[]> = {
  poses: ['control.poses.'],
  // Poses alone: ControlNet and BML learn how the camera moves. Synthetic footage supervises the background flow, no picture is needed.
  control: camera,
  reference: human,
  joint: [...camera, ...human],
}
const added = ['control.', 'reference.', 'bml.', 'camera.', 'hint.', 'head.']

/** Whether `stage` trains the weight called `name`. */
export function isTrained(name: string, stage: Stage, baseFrozen: boolean): boolean {
  const begins = (beginning: string) => name.startsWith(beginning)
  if (stage === 'adapter') return begins(adapterPrefix)
  return added.some(begins) ? parts[stage].some(begins) : !baseFrozen
}
