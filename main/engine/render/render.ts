// A render from end to end: pictures and poses in, frames out, one at a time. It knows no files but the model's; reading the
// artist's files and writing the video is its caller's work.
import { flattenPicture, resizePicture } from '../../media/pictures'
import { resamplePoses, scaleKeypoints } from '../../motion/keypoints'
import { planes, thinkingSize } from '../models/animate-anywhere'
import { reachOf } from './background'
import { openComposer } from './composing'
import { prepareHuman } from './human'
import { renderLatents } from './latent-clip'
import type { RenderJob } from './job'
import { think } from './thinking'

/** Calls `onFrame` with RGB bytes [H, W, 3] for each frame in turn. Throws the signal's reason when aborted. */
export async function render(job: RenderJob, onFrame: (frame: Uint8Array) => Promise<void>): Promise<void> {
  const { model, poses, ground } = job
  if (model.config.head === 'latent') return renderLatents(job, onFrame)
  const { width, height } = poses
  const small = thinkingSize(model.config, width, height)
  const human = await prepareHuman({ ...job.human, picture: flattenPicture(job.human.picture) }, small)
  const shown = await resizePicture(ground.first, small.width, small.height)
  const slow = resamplePoses(poses, model.config.fps)
  const thoughts = await think({
    model,
    human,
    background: planes(shown.data),
    reach: reachOf(ground.view, width, height),
    poses: slow.frames.map((pose) => scaleKeypoints(pose, small.width / width, small.height / height)),
    ...small,
    steps: job.steps,
    guidance: { reference: job.guidance, pose: job.guidance },
    bml: job.bml,
    hint: job.hint,
    hintStrength: job.hintStrength ?? 1,
    seed: job.seed,
    onStep: (step, of) => job.onProgress?.({ stage: 'sample', step, of }),
    ...(job.signal ? { signal: job.signal } : {}),
  })
  const composer = await openComposer(thoughts, human.native, poses, {
    picture: planes(ground.picture.data),
    width: ground.picture.width,
    height: ground.picture.height,
    view: ground.view,
  })
  try {
    for (let t = 0; t < poses.frames.length; t++) {
      job.signal?.throwIfAborted()
      const { picture } = await composer.frame(t, (t * model.config.fps) / poses.fps)
      await onFrame(picture)
      await job.onProgress?.({ stage: 'compose', step: t + 1, of: poses.frames.length })
    }
  } finally {
    await composer.dispose()
  }
}
