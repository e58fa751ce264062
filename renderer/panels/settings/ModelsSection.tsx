// The models that the library knows: those that were trained here, and folders that it only refers to. And adapters, which add to them.
import { useState } from 'react'
import { Trash2 } from 'lucide-react'
import type { Asset } from '../../../main/api'
import { removeAssets } from '../../app/actions/library'
import { choosePlace } from '../../app/actions/places'
import { call } from '../../app/client'
import { ofKind, useLibrary } from '../../app/stores/library'
import { complain, say } from '../../app/stores/ui'
import { Button, IconButton, Section } from '../../ui'
import { weigh } from '../queue/words'
import css from './settings.module.css'

export function ModelsSection() {
  const assets = useLibrary((state) => state.assets)
  const models = [...ofKind(assets, 'model'), ...ofKind(assets, 'adapter')]
  const [busy, setBusy] = useState(false)
  const importModel = async (): Promise<void> => {
    const place = await choosePlace({ what: 'model-folder' })
    if (!place) return
    const { asset, alreadyThere, notes } = await call('library.importModel', { folder: place.grant })
    say('info', `The model "${asset.name}" is ${alreadyThere ? 'known already' : 'there to choose now'}.`)
    for (const note of notes) say('info', `${asset.name}: ${note}`)
  }
  return (
    <Section title="Models">
      {models.length > 0 && (
        <dl className={css.facts}>
          {models.map((asset) => (
            <Model key={asset.id} asset={asset} />
          ))}
        </dl>
      )}
      <div className={css.buttons}>
        <Button
          disabled={busy}
          title="A CogVideoX image-to-video model in the layout of diffusers. It stays where it is; nothing is copied"
          onClick={() => {
            setBusy(true)
            importModel()
              .catch(complain)
              .finally(() => setBusy(false))
          }}
        >
          {busy ? 'Checking…' : 'Import model…'}
        </Button>
      </div>
    </Section>
  )
}

function Model({ asset: { id, kind, name, bytes, folder } }: { asset: Asset }) {
  const weight = kind === 'adapter' ? `adapter, ${weigh(bytes)}` : weigh(bytes)
  return (
    <div>
      <dt>{name}</dt>
      <dd className={css.model} data-selectable>
        <span>{folder ? `${weight} in ${folder}` : weight}</span>
        <IconButton
          icon={Trash2}
          size="small"
          label={folder ? `Forget ${name}; its folder stays as it is` : `Delete ${name}`}
          onClick={() => void removeAssets([id]).catch(complain)}
        />
      </dd>
    </div>
  )
}
