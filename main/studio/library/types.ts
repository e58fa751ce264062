// What the other services of the studio see of the library.
import type { Asset, AssetKind, ClipFacts } from '../../api'

/** A finished file on its way into the library. */
export interface Adoption {
  /** The id it shall have, which nothing has yet; a fresh one when absent. */
  readonly id?: string
  readonly kind: AssetKind
  /** A whole file anywhere on the disk; it is moved. */
  readonly file: string
  readonly name: string
  readonly extension: string
  readonly tags?: readonly string[]
  readonly size?: Asset['size']
  readonly seconds?: number
  readonly clip?: ClipFacts
}

/** A model that stays where it is: the library keeps the way to it. */
export interface Reference {
  /** Absolute path of the folder. */
  readonly folder: string
  /** The engine's hash of the model: the same wherever it lies. */
  readonly sha256: string
  readonly name: string
  readonly bytes: number
}

export interface Library {
  /** The asset of this id, also while it lies in the trash; undefined when there is none. */
  get(id: string): Asset | undefined
  /** Where an asset's content lies: a file that never changes, or the folder of a model. Throws UserError when it is gone. */
  fileOf(id: string): string
  /** Takes a finished file in, makes its thumbnail and tells the windows. */
  adopt(thing: Adoption): Promise<Asset>
  list(query?: { kind?: AssetKind; search?: string; starred?: boolean }): Asset[]
}
