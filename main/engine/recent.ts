// What was dear to make and is likely to be wanted again, up to a number of bytes.

export class Recent<Made> {
  /** The latest last. */
  private readonly kept = new Map<string, Made>()

  /** Keeps at most `mostBytes`, by `bytesOf`; of more, what was wanted longest ago goes. The latest stays, however large it is. */
  constructor(
    private readonly mostBytes: number,
    private readonly bytesOf: (made: Made) => number,
  ) {}

  /** What is kept under `key`; else it is made, and kept unless that fails. */
  async get(key: string, make: () => Promise<Made>): Promise<Made> {
    const made = this.kept.get(key) ?? (await make())
    this.kept.delete(key)
    this.kept.set(key, made)
    let bytes = 0
    for (const [name, each] of [...this.kept].reverse()) {
      bytes += this.bytesOf(each)
      if (bytes > this.mostBytes && name !== key) this.kept.delete(name)
    }
    return made
  }
}
