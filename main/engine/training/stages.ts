// The paper's three stages, and what each of them trains. Before them, for the mini preset: 'poses', in which its ControlNet learns to read numbers,
// and 'places', in which its head learns how near the parts of a place are. The base model is frozen where it was imported; the mini preset has no
// pretrained base, so its base learns along in every stage. 'adapter' comes after them: a small LoRA of an artist's own footage, beside
// a model of which nothing changes.
import { adapterPrefix } from '../weights/adapter'

export const stages = ['poses', 'places', 'control', 'reference', 'joint', 'adapter'] as const
export type Stage = (typeof stages)[number]

const camera = ['control', 'joint'] as const
const human = ['reference', 'joint'] as const
/**
 * Which stages train the weights whose names begin so; of several, the first. Of the composition head, the camera belongs to the poses,
 * who-is-seen-how to the human. In stage 'control' poses must do alone: synthetic footage supervises the camera, no picture is needed.
 */
const trainedIn: readonly (readonly [beginning: string, stages: readonly Stage[]])[] = [
  // What ten times the clips have taught is not worn away by fewer.
  ['control.poses.', ['poses']],
  ['bml.camera.', ['poses']],
  ['head.nearness.', ['places']],
  ['head.light.', ['places']],
  ['head.camera.', ['poses', ...camera]],
  ['head.gain.', human],
  ['control.', camera],
  ['bml.', camera],
  ['camera.', ['poses', ...camera]],
  ['hint.', camera],
  ['reference.', human],
  [adapterPrefix, ['adapter']],
]

/** Whether `stage` trains the weight called `name`. What no beginning names is the base. */
export function isTrained(name: string, stage: Stage, baseFrozen: boolean): boolean {
  const added = trainedIn.find(([beginning]) => name.startsWith(beginning))
  return added ? added[1].includes(stage) : stage !== 'adapter' && !baseFrozen
}
