// The selected clip: its name, tags and star to change, everything that made it to read and to use again.
import { useState } from 'react'
import { Download, FolderOpen, Maximize2, Settings2, Star, Trash2 } from 'lucide-react'
import { thumbnailUrl } from '../../../main/api'
import type { Asset } from '../../../main/api'
import { removeAssets, rename, setTags, toggleStar } from '../../app/actions/library'
import { bridge } from '../../app/client'
import { useLibrary } from '../../app/stores/library'
import { useUi } from '../../app/stores/ui'
import { Button, EmptyState, IconButton, Tags, TextField } from '../../ui'
import { count } from '../queue/words'
import { ClipFacts } from '../viewer/ClipFacts'
import { openClip } from '../viewer/open'
import { takeSettingsOf } from '../viewer/take-settings'
import { exportClips, reveal } from './actions'
import css from './clip-panel.module.css'

export function ClipPanel() {
  const ids = useUi((state) => state.selectedClips)
  const clip = useLibrary((state) => (ids.length === 1 ? state.assets.get(ids[0]!) : undefined))
  if (clip) return <One key={clip.id} clip={clip} />
  if (ids.length > 1) return <Many ids={ids} />
  return <EmptyState title="No clip selected">Select a rendered cell to see what made it.</EmptyState>
}

function One({ clip }: { readonly clip: Asset }) {
  return (
    <div className={css.panel}>
      <button type="button" className={css.picture} aria-label={`Open ${clip.name}`} onClick={() => openClip(clip.id)}>
        <img src={thumbnailUrl(clip.id)} alt="" decoding="async" />
        <Maximize2 size={16} aria-hidden />
      </button>
      <div className={css.naming}>
        <NameField clip={clip} />
        <IconButton
          icon={Star}
          label="Star"
          pressed={clip.starred}
          shortcut="S"
          onClick={() => toggleStar([clip.id])}
        />
      </div>
      <div className={css.tags}>
        <Tags tags={clip.tags} onChange={(tags) => setTags(clip.id, tags)} label="Add a tag" />
      </div>
      <div className={css.actions}>
        <Button icon={Settings2} onClick={() => takeSettingsOf(clip)}>
          Use these settings
        </Button>
        <IconButton icon={Download} label="Export" onClick={() => exportClips([clip.id])} />
        {bridge.host === 'electron' && (
          <IconButton icon={FolderOpen} label="Show in folder" onClick={() => reveal(clip)} />
        )}
        <IconButton icon={Trash2} label="Delete" shortcut="Delete" onClick={() => void removeAssets([clip.id])} />
      </div>
      <ClipFacts clip={clip} />
    </div>
  )
}

function NameField({ clip }: { readonly clip: Asset }) {
  const [text, setText] = useState<string>()
  const commit = (): void => {
    if (text !== undefined) rename(clip.id, text)
    setText(undefined)
  }
  return (
    <TextField
      label="Name"
      value={text ?? clip.name}
      maxLength={120}
      onChange={setText}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit()
        else if (event.key === 'Escape' && text !== undefined) {
          event.stopPropagation()
          setText(undefined)
        }
      }}
    />
  )
}

function Many({ ids }: { readonly ids: readonly string[] }) {
  return (
    <div className={css.panel}>
      <p className={css.many}>{count(ids.length, 'clip')} selected</p>
      <div className={css.actions}>
        <Button icon={Star} onClick={() => toggleStar(ids)}>
          Star
        </Button>
        <Button icon={Download} onClick={() => exportClips(ids)}>
          Export…
        </Button>
        <IconButton icon={Trash2} label="Delete" shortcut="Delete" onClick={() => void removeAssets(ids)} />
      </div>
    </div>
  )
}
