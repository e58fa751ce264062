// Adapters on their way into the library: one that names a model must fit it, where that model is known here.
import { assertAdapterFits } from '../../engine/render/adapter-fit'
import { describeAdapter } from '../../engine/weights/adapter-header'
import { resource } from '../../media'
import { hashOf } from './contents'
import type { AssetLibrary } from './library'

/** Throws UserError when the adapter in `file`, which the user calls `called`, does not fit the model that it says it was trained on. */
export async function assertFitsItsModel(library: AssetLibrary, file: string, called: string): Promise<void> {
  const { model } = describeAdapter(file, called)
  if (model === undefined) return
  const known = library.withContent('model', model)
  if (known) return assertAdapterFits({ file, name: called }, { file: library.fileOf(known.id), name: known.name })
  if (model === (await hashOf(resource('models/mini.safetensors'))))
    assertAdapterFits({ file, name: called }, { file: 'mini', name: 'mini' })
}
