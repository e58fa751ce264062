// Video in and out through ffmpeg's pipes, one frame at a time: a clip never lies in memory as a whole, and a slow
// encoder slows the renderer down instead of filling the memory.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { UserError } from './errors'
import { findFfmpeg } from './ffmpeg'
import { requireFile } from './files'
import { openPartial, unwritable } from './partials'

export interface VideoWriter {
  /** Adds one frame: RGB, height x width x 3 bytes. Resolves when ffmpeg has taken it; the buffer may then be reused. */
  write(frame: Uint8Array): Promise<void>
  /** Ends the video and gives it its name. Until then there is no file under that name. */
  finish(): Promise<void>
  /** Stops and leaves no file. */
  abort(): Promise<void>
}

export interface VideoInfo {
  /** Pixels as shown: rotation and non-square pixels applied. */
  readonly width: number
  readonly height: number
  readonly fps: number
  /** Seconds. */
  readonly duration: number
  readonly codec: string
}

/**
 * Opens an MP4 (H.264, yuv420p, BT.709, index in front) of frames `width` x `height` at `fps` frames a second; `crf` is
 * x264's quality, lower is better. Odd sizes gain one repeated row or column, since yuv420p needs even ones.
 * Throws UserError before any work when `path` cannot be written.
 */
export async function openVideoWriter(
  path: string,
  options: { width: number; height: number; fps: number; crf?: number },
): Promise<VideoWriter> {
  const { width, height, fps, crf = 16 } = options
  const [evenWidth, evenHeight] = [width + (width % 2), height + (height % 2)]
  const ffmpeg = await findFfmpeg()
  const partial = openPartial(path)
  const child = spawn(
    ffmpeg.path,
    [
      ...['-v', 'error', '-nostdin', '-y'],
      ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${evenWidth}x${evenHeight}`, '-r', String(fps), '-i', 'pipe:0'],
      ...['-vf', 'scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int,format=yuv420p'],
      ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
      ...['-c:v', 'libx264', '-preset', 'medium', '-crf', String(crf), '-movflags', '+faststart', partial.path],
    ],
    // Apart from the terminal's group: Ctrl+C is ours to handle, ffmpeg must not finish the file on its own.
    { stdio: ['pipe', 'ignore', 'pipe'], detached: process.platform !== 'win32' },
  )
  const stopWithUs = (): void => void child.kill('SIGKILL')
  process.on('exit', stopWithUs)
  const ended = outcome(child).finally(() => process.off('exit', stopWithUs))
  child.stdin.on('error', () => undefined) // a broken pipe is told by `ended`, with ffmpeg's own words

  async function fail(): Promise<never> {
    child.kill('SIGKILL')
    const { complaint } = await ended
    partial.discard()
    const full = /no space left/i.test(complaint)
    throw full
      ? unwritable(path, Object.assign(new Error(complaint), { code: 'ENOSPC' }))
      : new UserError(`writing "${path}" failed: ${complaint || 'ffmpeg stopped'}`)
  }

  return {
    async write(frame) {
      if (frame.length !== width * height * 3) {
        throw new RangeError(
          `video frame of ${frame.length} bytes: ${width}x${height} RGB is ${width * height * 3} bytes`,
        )
      }
      const even = evenWidth === width && evenHeight === height ? frame : repeatEdge(frame, width, height)
      const broken = await new Promise((resolve) => child.stdin.write(even, (error) => resolve(error)))
      if (broken) {
        await settled(ended)
        await fail()
      }
    },
    async finish() {
      child.stdin.end()
      const { code } = await ended
      if (code !== 0) await fail()
      partial.commit()
    },
    async abort() {
      child.kill('SIGKILL')
      await ended
      partial.discard()
    },
  }
}

/**
 * The frames of a video as RGB (height x width x 3 bytes each), upright, at an even rate: `fps` (default: the video's own)
 * and `size` (default: as shown). Each frame is a fresh buffer. Leaving the loop early stops ffmpeg.
 */
export async function* readVideoFrames(
  path: string,
  options: { size?: { width: number; height: number }; fps?: number } = {},
): AsyncGenerator<Uint8Array, void> {
  const info = await probeVideo(path)
  const { width, height } = options.size ?? info
  const ffmpeg = await findFfmpeg()
  const child = spawn(
    ffmpeg.path,
    [
      ...['-v', 'error', '-nostdin', '-i', path],
      ...['-vf', `fps=${options.fps ?? info.fps},scale=${width}:${height}:flags=lanczos+accurate_rnd+full_chroma_int`],
      ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const ended = outcome(child)
  try {
    let frame = new Uint8Array(width * height * 3)
    let filled = 0
    for await (const chunk of child.stdout as AsyncIterable<Uint8Array>) {
      for (let at = 0; at < chunk.length;) {
        const piece = chunk.subarray(at, at + frame.length - filled)
        frame.set(piece, filled)
        filled += piece.length
        at += piece.length
        if (filled < frame.length) continue
        yield frame
        frame = new Uint8Array(frame.length)
        filled = 0
      }
    }
    const { code, complaint } = await ended
    if (code !== 0) throw new UserError(`reading video "${path}" failed: ${complaint || 'ffmpeg stopped'}`)
  } finally {
    child.kill('SIGKILL')
  }
}

/** Size, rate, length and codec of a video file. Throws UserError for what is missing, empty, or no video. */
export async function probeVideo(path: string): Promise<VideoInfo> {
  requireFile('video', path)
  const ffmpeg = await findFfmpeg()
  const child = spawn(ffmpeg.path, ['-hide_banner', '-nostdin', '-i', path], { stdio: ['ignore', 'ignore', 'pipe'] })
  const { output } = await outcome(child) // without an output file ffmpeg describes the input and exits with 1
  const info = parseDescription(output)
  if (!info) throw new UserError(`"${path}" cannot be read as a video; use MP4, MOV, WebM, MKV or AVI`)
  return info
}

/** Reads what `ffmpeg -i` says of its input; undefined when there is no video in it. */
export function parseDescription(text: string): VideoInfo | undefined {
  const line = /Stream #\d+:\d+.*?: Video: (\w+).*/.exec(text)
  const size = line && /,\s(\d{1,5})x(\d{1,5})/.exec(line[0])
  if (!size) return undefined
  const [pixelWidth, pixelHeight] = (/SAR (\d+):(\d+)/.exec(line[0]) ?? ['', '1', '1']).slice(1).map(Number)
  const shown = Math.round((Number(size[1]) * pixelWidth!) / pixelHeight! / 2) * 2
  const width = pixelWidth === pixelHeight ? Number(size[1]) : shown
  const turn = Number(/rotation of (-?[\d.]+) degrees/.exec(text)?.[1] ?? 0)
  const onSide = Math.abs(Math.round(turn / 90)) % 2 === 1
  const clock = /Duration: (\d+):(\d+):([\d.]+)/.exec(text)
  return {
    width: onSide ? Number(size[2]) : width,
    height: onSide ? width : Number(size[2]),
    fps: Number(/, ([\d.]+) fps/.exec(line[0])?.[1] ?? /, ([\d.]+) tbr/.exec(line[0])?.[1] ?? 25),
    duration: clock ? Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3]) : 0,
    codec: line[1]!,
  }
}

/** How an ffmpeg ended. */
export interface Outcome {
  readonly code: number | null
  /** All that ffmpeg said, and the last line of it. */
  readonly output: string
  readonly complaint: string
}

/** Waits for the end of an ffmpeg whose stderr is a pipe. */
export function outcome(child: ChildProcess): Promise<Outcome> {
  let output = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-20_000)))
  return new Promise((resolve) => {
    const end = (ended: number | null, said = output): void => {
      // Some builds end with 0 although the last of the file did not get onto the disk.
      const code = ended === 0 && /no space left|error writing/i.test(said) ? 1 : ended
      resolve({ code, output: said, complaint: said.trim().split('\n').at(-1) ?? '' })
    }
    child.once('error', (error) => end(null, error.message))
    child.once('close', (code) => end(code))
  })
}

/** Waits for `promise`, but not longer than a second: ffmpeg that closed its pipe is about to say why. */
async function settled(promise: Promise<unknown>): Promise<void> {
  const clock = new AbortController()
  const second = once(AbortSignal.timeout(1000), 'abort', { signal: clock.signal }).catch(() => undefined)
  await Promise.race([promise, second])
  clock.abort()
}

function repeatEdge(frame: Uint8Array, width: number, height: number): Uint8Array {
  const [evenWidth, evenHeight] = [width + (width % 2), height + (height % 2)]
  const even = new Uint8Array(evenWidth * evenHeight * 3)
  for (let y = 0; y < evenHeight; y++) {
    const row = frame.subarray(Math.min(y, height - 1) * width * 3, (Math.min(y, height - 1) + 1) * width * 3)
    even.set(row, y * evenWidth * 3)
    if (evenWidth > width) even.set(row.subarray(-3), (y * evenWidth + width) * 3)
  }
  return even
}
