// The stages and states of a training run as the artist hears them.
import type { JobState, TrainRequest } from '../../../main/api'

export const stages: readonly {
  readonly value: TrainRequest['stage']
  readonly label: string
  readonly about: string
}[] = [
  {
    value: 'poses',
    label: 'Camera, from key points',
    about:
      'Learns to read the camera from key points alone, without drawing them: minutes, and the control stage starts from there.',
  },
  {
    value: 'places',
    label: 'Depth, from places',
    about: 'Learns how near each part of a place is from its picture alone, so that what is near passes faster.',
  },
  {
    value: 'control',
    label: 'Camera, from poses',
    about: 'Learns how the place moves for a pose. Needs no pictures, so it is fast; the first of the paper’s stages.',
  },
  {
    value: 'reference',
    label: 'Human, from pictures',
    about: 'Learns where each part of the human is seen. The second stage: start from a model that knows the camera.',
  },
  {
    value: 'joint',
    label: 'Everything together',
    about: 'Camera and human learn jointly on whole clips. The last stage of the paper; it makes a model of its own.',
  },
  {
    value: 'adapter',
    label: 'An adapter',
    about:
      'Learns a small addition to the model, which itself stays as it is: a few megabytes, quickly trained. The one for your own footage.',
  },
]

export const stageName = (stage: TrainRequest['stage']): string =>
  stages.find(({ value }) => value === stage)?.label ?? stage

export const stateWords: Readonly<Record<JobState, string>> = {
  queued: 'Waiting',
  running: 'Training',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Stopped',
  interrupted: 'Interrupted',
}
