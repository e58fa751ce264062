// What a command may say, and how it is asked to stop. For people: results on standard output, progress and notes on
// standard error, the progress as one line that rewrites itself. For programs (`--json`): one JSON object a line.
import { Pace, type Progress } from '../studio/pace'
import { duration, progressLine } from './progress'

/** Seconds between progress lines where a line cannot be rewritten (a log file). */
const logEvery = 10
/** Seconds between rewrites of the line on a terminal. */
const drawEvery = 0.1

/** Thrown (as an abort signal's reason) through a command that the user stops. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

export class Terminal {
  private readonly pace = new Pace()
  private readonly started = performance.now()
  private drawn = { stage: '', time: -Infinity }
  private lineOpen = false
  private controller: AbortController | undefined

  constructor(
    readonly json: boolean,
    private readonly out: NodeJS.WriteStream = process.stdout,
    private readonly err: NodeJS.WriteStream = process.stderr,
  ) {}

  /** Shows how far the command is. Cheap: call it after every step. */
  progress(progress: Progress): void {
    const time = performance.now() / 1000
    const paced = this.pace.add(progress, time)
    if (this.json) return this.line({ type: 'progress', ...paced })
    const last = progress.step >= progress.of
    const fresh = progress.stage !== this.drawn.stage
    if (!last && !fresh && time - this.drawn.time < (this.err.isTTY ? drawEvery : logEvery)) return
    if (fresh) this.endLine()
    this.drawn = { stage: progress.stage, time }
    if (this.err.isTTY) {
      this.err.write(`\r\x1b[2K${progressLine(paced).slice(0, this.err.columns - 1)}`)
      this.lineOpen = true
      if (last) this.endLine()
    } else {
      this.err.write(progressLine(paced) + '\n')
    }
  }

  /** Something worth knowing on the way: `3 people found, the largest is taken`. */
  note(text: string): void {
    if (this.json) return this.line({ type: 'note', text })
    this.endLine()
    this.err.write(text + '\n')
  }

  /** A part of the result: `text` for people, `value`, where it says more than the result will, for programs. */
  say(text: string, value?: Readonly<Record<string, unknown>>): void {
    if (this.json) {
      if (value) this.line(value)
      return
    }
    this.endLine()
    this.out.write(text + '\n')
  }

  /** The outcome: `text` for people, `value` for programs, both with the time taken and the most memory used. */
  result(value: Readonly<Record<string, unknown>>, text: string): void {
    const seconds = (performance.now() - this.started) / 1000
    const peakMemoryMB = Math.round(process.resourceUsage().maxRSS / 1024)
    if (this.json) return this.line({ type: 'result', ...value, seconds: Number(seconds.toFixed(3)), peakMemoryMB })
    this.say(`${text} (${duration(seconds)}, peak memory ${(peakMemoryMB / 1024).toFixed(1)} GiB)`)
  }

  /** The one line that says why the command failed. */
  error(message: string): void {
    if (this.json) this.line({ type: 'error', message })
    this.endLine()
    this.err.write(`error: ${message}\n`)
  }

  /**
   * For a command that ends tidily by itself (saves, closes) soon after the user asks it to stop: the signal to obey. Its
   * reason is to be thrown. Commands that do not ask for it are stopped at once.
   */
  stopSignal(): AbortSignal {
    this.controller ??= new AbortController()
    return this.controller.signal
  }

  /** Passes on the user's wish to stop; false when the command does not listen, or has been asked before. */
  askToStop(): boolean {
    if (!this.controller || this.controller.signal.aborted) return false
    this.controller.abort(new Interrupted('stopped'))
    return true
  }

  private line(object: Readonly<Record<string, unknown>>): void {
    this.out.write(JSON.stringify(object) + '\n')
  }

  private endLine(): void {
    if (this.lineOpen) this.err.write('\n')
    this.lineOpen = false
  }
}
