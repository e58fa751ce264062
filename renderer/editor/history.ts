// Undo and redo over everything: a list of changes that know how to be done and undone. A change may ask the studio (deleting
// an asset), so both may be asynchronous; they run one after another, and one that fails leaves the history as it was.

export interface Change {
  /** 'Delete 3 clips': shown in the Edit menu and in the notice. */
  readonly label: string
  redo(): void | Promise<void>
  undo(): void | Promise<void>
}

export interface HistoryState {
  readonly undoLabel: string | undefined
  readonly redoLabel: string | undefined
}

/** Changes that can be taken back; older ones are forgotten. */
const depth = 200

export class History {
  private done: Change[] = []
  private undone: Change[] = []
  private queue: Promise<unknown> = Promise.resolve()

  constructor(private readonly onChange: (state: HistoryState) => void = () => undefined) {}

  /** Does `change` and remembers it. Rejects, and remembers nothing, when it fails. */
  perform(change: Change): Promise<void> {
    return this.inTurn(async () => {
      await change.redo()
      this.remember(change)
    })
  }

  /** Remembers a change that has been done already. */
  remember(change: Change): void {
    this.done = [...this.done, change].slice(-depth)
    this.undone = []
    this.tell()
  }

  undo(): Promise<void> {
    return this.inTurn(async () => {
      const change = this.done.at(-1)
      if (!change) return
      await change.undo()
      this.done = this.done.slice(0, -1)
      this.undone = [...this.undone, change]
      this.tell()
    })
  }

  redo(): Promise<void> {
    return this.inTurn(async () => {
      const change = this.undone.at(-1)
      if (!change) return
      await change.redo()
      this.undone = this.undone.slice(0, -1)
      this.done = [...this.done, change]
      this.tell()
    })
  }

  clear(): void {
    this.done = []
    this.undone = []
    this.tell()
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.queue.then(work)
    this.queue = turn.catch(() => undefined)
    return turn
  }

  private tell(): void {
    this.onChange({ undoLabel: this.done.at(-1)?.label, redoLabel: this.undone.at(-1)?.label })
  }
}
