// Repeatable random numbers: the same seed gives the same numbers on every machine. sfc32, seeded through a string hash, so that
// `fork('label')` gives an independent stream: adding a consumer never shifts the numbers of another.

/** 32-bit FNV-1a over UTF-16 units with a final avalanche (murmur3's), started from `basis`. */
function hash(text: string, basis: number): number {
  let h = basis
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

export class Random {
  private readonly key: string
  private a: number
  private b: number
  private c: number
  private counter = 1
  private spare: number | undefined

  /** `seed` is any number or text. To resume a long run at step n, use `fork('step n')` instead of saving state. */
  constructor(seed: number | string) {
    this.key = String(seed)
    this.a = hash(this.key, 0x811c9dc5)
    this.b = hash(this.key, 0x9e3779b9)
    this.c = hash(this.key, 0x2545f491)
    for (let i = 0; i < 12; i++) this.word()
  }

  /** An independent stream named by `label`; depends on the seed and the label only, not on what was drawn before. */
  fork(label: string | number): Random {
    return new Random(`${this.key}/${label}`)
  }

  /** Uniform in [0, 1), 53 bits. */
  next(): number {
    const high = this.word() >>> 5
    const low = this.word() >>> 6
    return (high * 2 ** 26 + low) * 2 ** -53
  }

  /** Uniform in [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.next()
  }

  /** Standard normal (Box-Muller; the second of each pair is kept for the next call). */
  normal(): number {
    if (this.spare !== undefined) {
      const value = this.spare
      this.spare = undefined
      return value
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()))
    const angle = 2 * Math.PI * this.next()
    this.spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }

  /** `count` standard normal numbers: noise for a latent. */
  normals(count: number): Float32Array {
    return new Float32Array(count).map(() => this.normal())
  }

  /** Whole number, uniform in 0..n-1. */
  int(n: number): number {
    return Math.floor(this.next() * n)
  }

  /** One element, uniformly. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error('Random.pick: the list is empty')
    return items[this.int(items.length)]!
  }

  /** A shuffled copy (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const out = [...items]
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.int(i + 1)
      ;[out[i], out[j]] = [out[j]!, out[i]!]
    }
    return out
  }

  private word(): number {
    const t = (this.a + this.b + this.counter) | 0
    this.counter = (this.counter + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = ((this.c << 21) | (this.c >>> 11)) + t
    this.c |= 0
    return t >>> 0
  }
}
