// One or two videos played as one: the first leads, the second follows it in time. Framework-free but for the video elements.
import { follow, frameAt, timeOf } from './frames'

export interface PlayerState {
  /** Of the leading clip, 0-based. */
  readonly frame: number
  readonly playing: boolean
}

export interface Clip {
  readonly fps: number
  readonly frames: number
}

export class Player {
  private follower: HTMLVideoElement | undefined
  private frame = 0
  private rate = 1
  private loop = true
  private wanted: number | undefined
  private tick = 0
  private readonly end = new AbortController()

  constructor(
    private readonly leader: HTMLVideoElement,
    private readonly clip: Clip,
    private readonly onChange: (state: PlayerState) => void,
  ) {
    const { signal } = this.end
    leader.loop = this.loop
    const tell = (): void => this.tell()
    for (const type of ['play', 'pause', 'ended']) leader.addEventListener(type, tell, { signal })
    leader.addEventListener('play', () => this.keepTogether(), { signal })
    leader.addEventListener('seeked', () => this.seekOn(), { signal })
    this.watchFrames()
  }

  get playing(): boolean {
    return !this.leader.paused && !this.leader.ended
  }

  /** The second video, or none. It is brought to where the first one is. */
  setFollower(video: HTMLVideoElement | undefined): void {
    this.follower?.pause()
    this.follower = video
    if (!video) return
    const align = (): void => {
      video.currentTime = this.timeOfFollower(video)
      if (this.playing) this.keepTogether()
    }
    if (video.readyState >= 1) align()
    else video.addEventListener('loadedmetadata', align, { once: true, signal: this.end.signal })
  }

  setLoop(loop: boolean): void {
    this.loop = loop
    this.leader.loop = loop
  }

  setRate(rate: number): void {
    this.rate = rate
    this.leader.playbackRate = rate
    if (this.follower) this.follower.playbackRate = rate
  }

  play(): void {
    if (this.leader.ended) this.seek(0)
    this.leader.playbackRate = this.rate
    // A refused or interrupted start shows as 'paused': nothing else to do.
    this.leader.play().catch(() => this.tell())
  }

  pause(): void {
    this.leader.pause()
    this.follower?.pause()
    // What is on screen and what the counter says agree again.
    this.seek(this.frame)
  }

  toggle(): void {
    if (this.playing) this.pause()
    else this.play()
  }

  /** Pauses and shows the frame `by` further. */
  step(by: number): void {
    if (this.playing) this.pause()
    this.seek(this.frame + by)
  }

  /** Shows a frame as soon as the decoder can; of many wishes only the newest is granted. */
  seek(frame: number): void {
    this.frame = Math.max(0, Math.min(this.clip.frames - 1, frame))
    this.tell()
    if (this.leader.seeking) this.wanted = this.frame
    else this.seekNow(this.frame)
  }

  close(): void {
    this.end.abort()
    cancelAnimationFrame(this.tick)
    this.leader.pause()
    this.follower?.pause()
  }

  private seekNow(frame: number): void {
    this.leader.currentTime = timeOf(frame, this.clip.fps, this.clip.frames)
    if (this.follower) this.follower.currentTime = this.timeOfFollower(this.follower)
  }

  /** After a seek: on to the newest wish, else the counter says where the picture is, whoever moved it. */
  private seekOn(): void {
    if (this.wanted === undefined) {
      if (this.playing) return
      this.frame = frameAt(this.leader.currentTime, this.clip.fps, this.clip.frames)
      const { follower } = this
      const apart = follower && Math.abs(follower.currentTime - this.timeOfFollower(follower)) > 0.5 / this.clip.fps
      if (apart) follower.currentTime = this.timeOfFollower(follower)
      return this.tell()
    }
    const frame = this.wanted
    this.wanted = undefined
    this.seekNow(frame)
  }

  private tell(): void {
    this.onChange({ frame: this.frame, playing: this.playing })
  }

  /** The counter follows the frames that are really shown. */
  private watchFrames(): void {
    this.leader.requestVideoFrameCallback((_, { mediaTime }) => {
      if (this.end.signal.aborted) return
      if (this.playing) {
        // A frame's media time is its beginning: half a frame on it is surely that frame.
        this.frame = frameAt(mediaTime + 0.5 / this.clip.fps, this.clip.fps, this.clip.frames)
        this.tell()
      }
      this.watchFrames()
    })
  }

  private keepTogether(): void {
    cancelAnimationFrame(this.tick)
    const { follower } = this
    if (!follower || !this.playing) return void follower?.pause()
    const target = this.timeOfFollower(follower)
    const over = target >= follower.duration - 0.5 / this.clip.fps
    if (over) follower.pause()
    else if (follower.paused) follower.play().catch(() => undefined)
    const way = follow(target, follower.currentTime, this.rate, 0.5 / this.clip.fps)
    if (way === 'seek' && !follower.seeking) follower.currentTime = target
    follower.playbackRate = typeof way === 'number' ? way : this.rate
    this.tick = requestAnimationFrame(() => this.keepTogether())
  }

  /** A shorter clip waits on its last frame. */
  private timeOfFollower({ duration }: HTMLVideoElement): number {
    const time = this.playing ? this.leader.currentTime : timeOf(this.frame, this.clip.fps, this.clip.frames)
    return Number.isFinite(duration) ? Math.min(time, Math.max(0, duration - 0.25 / this.clip.fps)) : time
  }
}
