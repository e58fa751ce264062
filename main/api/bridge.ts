// The one object a window talks through: `window.anywhere`, made by the preload script in Electron and by HTTP in a browser.
import type { StudioEvent } from './events'

export type Reply =
  | { readonly ok: true; readonly value: unknown }
  /** `user`: the text is meant for the artist as it is; otherwise it is a fault of ours. */
  | { readonly ok: false; readonly error: { readonly message: string; readonly user: boolean } }

export interface Bridge {
  readonly host: 'electron' | 'browser'
  /** A method of methods.ts. Never throws; faults are replies. */
  call(method: string, input: unknown): Promise<Reply>
  /** Hands a file over; the reply's value is an upload id. At most `uploadLimit` bytes. */
  upload(name: string, bytes: Uint8Array): Promise<Reply>
  /** Returns the function that ends it. */
  listen(listener: (event: StudioEvent) => void): () => void
}

/** Bytes. */
export const uploadLimit = 2 ** 30
