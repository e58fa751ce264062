// A video that goes where the playhead goes: in step while playing, on the very frame while paused.
import { usePlayback } from '../../app/stores/playback'

/** Seconds by which a playing video may be off before it is set right. */
const slack = 0.12

/** Returns the function that lets go of the video. `fps` is the clip's own rate. */
export function followPlayhead(video: HTMLVideoElement, fps: number): () => void {
  const set = (): void => {
    const { frame, fps: rate, playing, speed } = usePlayback.getState()
    // The middle of a frame, so that rounding never shows its neighbour.
    const time = frame / rate + 0.5 / fps
    if (playing) {
      video.playbackRate = speed
      if (Math.abs(video.currentTime - time) > slack) video.currentTime = time
      if (video.paused && !video.ended) video.play().catch(() => undefined)
    } else {
      if (!video.paused) video.pause()
      if (Math.abs(video.currentTime - time) > 0.25 / fps) video.currentTime = time
    }
  }
  set()
  video.addEventListener('loadedmetadata', set)
  const stop = usePlayback.subscribe(set)
  return () => {
    stop()
    video.removeEventListener('loadedmetadata', set)
    video.pause()
  }
}
