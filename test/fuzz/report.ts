// What the fuzzing process tells its watcher, and what is still well.

export interface Finding {
  /** Number of the input. */
  readonly index: number
  readonly what: string
  /** Where the input was kept. */
  readonly file?: string
}

export interface Sums {
  inputs: number
  /** Parsed into something that keeps the parser's promises. */
  accepted: number
  /** Refused in one line. */
  refused: number
  /** Processor time of the slowest input, and of all. */
  slowestMs: number
  cpuMs: number
  /** Largest memory of the process, and that after its first inputs. */
  peakMb: number
  startMb: number
}

export const limits = {
  /** Processor time of one input. */
  inputMs: 1000,
  /** Memory that one input may make the parser hold, apart from 40 times its own size. */
  inputMb: 64,
  /** By so much may the process grow over all inputs. */
  growthMb: 400,
  /** Time in which an input must be done on any machine, however busy; then it hangs. */
  hangMs: 60_000,
  messageLength: 500,
} as const
