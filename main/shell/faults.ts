// The log of what went wrong: a file that a user can send, short enough to read.
import fs from 'node:fs'
import path from 'node:path'

/** Bytes; beyond that the older half goes. */
const limit = 2 ** 18

export class Faults {
  private last = ''

  constructor(private readonly file: string) {}

  /** `where`: 'the window', 'the engine process'. What is said over and over is written once. Never throws. */
  note(where: string, error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    if (text === this.last) return
    this.last = text
    const entry = `${new Date().toISOString()} ${where}: ${text}\n`
    process.stderr.write(entry)
    try {
      fs.mkdirSync(path.dirname(this.file), { recursive: true })
      fs.appendFileSync(this.file, entry)
      if (fs.statSync(this.file).size > limit) this.shorten()
    } catch {
      // It stands on the standard error: there is no better place left.
    }
  }

  private shorten(): void {
    const text = fs.readFileSync(this.file, 'utf8')
    fs.writeFileSync(this.file, text.slice(text.indexOf('\n', text.length - limit / 2) + 1))
  }
}
