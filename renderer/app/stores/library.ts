// The library as the window knows it: every asset by id, kept up to date by the studio's events.
import { create } from 'zustand'
import type { Asset, AssetKind } from '../../../main/api'

interface LibraryState {
  readonly assets: ReadonlyMap<string, Asset>
  readonly loaded: boolean
}

export const useLibrary = create<LibraryState>(() => ({ assets: new Map(), loaded: false }))

export const fillLibrary = (assets: readonly Asset[]): void =>
  useLibrary.setState({ assets: new Map(assets.map((asset) => [asset.id, asset])), loaded: true })

export function patchLibrary(changed: readonly Asset[], removed: readonly string[]): void {
  const assets = new Map(useLibrary.getState().assets)
  for (const asset of changed) assets.set(asset.id, asset)
  for (const id of removed) assets.delete(id)
  useLibrary.setState({ assets })
}

export const assetOf = (id: string | null | undefined): Asset | undefined =>
  id ? useLibrary.getState().assets.get(id) : undefined

/** Newest first. */
export const ofKind = (assets: ReadonlyMap<string, Asset>, kind: AssetKind): Asset[] =>
  [...assets.values()].filter((asset) => asset.kind === kind).sort((a, b) => (a.created < b.created ? 1 : -1))

export function someOfKind(assets: ReadonlyMap<string, Asset>, kind: AssetKind): boolean {
  for (const asset of assets.values()) if (asset.kind === kind) return true
  return false
}
