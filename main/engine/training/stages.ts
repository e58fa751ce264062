// The paper's three stages, and what each of them trains. Before them, for the mini preset: 'poses', in which its ControlNet learns to read numbers,
// and 'places', in which its head learns how near the parts of a place are. The base model is frozen where it was imported; the mini preset has no
// pretrained base, so its base learns along in every stage. 'adapter' comes after them: a small LoRA of an artist's own footage, beside
// a model of which nothing changes.
import { adapterPrefix } from '../weights/adapter'

export const stages = ['poses', 'places', 'control', 'reference', 'joint', 'adapter'] as const
export type Stage = (typeof stages)[number]

/** Beginnings of weights' names. Of the composition head, the camera belongs to the poses, who-is-seen-where to the human. */
const camera = ['control.', 'bml.', 'camera.', 'hint.', 'head.camera.']
const human = ['reference.', 'head.features.', 'head.refiner.']
const posesAlone = 'control.poses.'
const placeAlone = 'head.nearness.'
const parts: Record<Exclude<Stage, 'adapter'>, readonly string[]> = {
  poses: [posesAlone],
  places: [placeAlone],
  // Poses alone: ControlNet and BML learn how the camera moves. Synthetic footage supervises the camera, no picture is needed.
  control: camera,
  reference: human,
  joint: [...camera, ...human],
}
const added = ['control.', 'reference.', 'bml.', 'camera.', 'hint.', 'head.']

/** Whether `stage` trains the weight called `name`. */
export function isTrained(name: string, stage: Stage, baseFrozen: boolean): boolean {
  const begins = (beginning: string) => name.startsWith(beginning)
  if (stage === 'adapter') return begins(adapterPrefix)
  // What ten times the clips have taught is not worn away by fewer.
  if (begins(posesAlone)) return stage === 'poses' || stage === 'control'
  if (begins(placeAlone)) return stage === 'places'
  return added.some(begins) ? parts[stage].some(begins) : !baseFrozen
}
