// Named settings: pick one to apply it, keep the present ones under a name, delete.
import { useState } from 'react'
import { Ellipsis } from 'lucide-react'
import type { RenderSettings } from '../../../main/api'
import { edit } from '../../app/stores/project'
import { prefer, useSystem } from '../../app/stores/system'
import { say } from '../../app/stores/ui'
import { Field, IconButton, Menu, Select, TextField } from '../../ui'
import { sameSettings } from './settings'

export function Presets({ settings }: { settings: RenderSettings }) {
  const presets = useSystem((state) => state.preferences.presets)
  const [name, setName] = useState<string>()
  const current = presets.find((preset) => sameSettings(preset.settings, settings))

  const apply = (picked: string): void => {
    const preset = presets.find((one) => one.name === picked)
    if (preset) edit(`Preset ${picked}`, (document) => ({ ...document, settings: preset.settings }))
  }
  const keep = (): void => {
    const trimmed = name?.trim().slice(0, 120)
    setName(undefined)
    if (!trimmed) return
    prefer({ presets: [...presets.filter((preset) => preset.name !== trimmed), { name: trimmed, settings }] })
  }
  const remove = (): void => {
    if (!current) return
    prefer({ presets: presets.filter((preset) => preset !== current) })
    say('info', `Preset ${current.name} deleted.`, {
      label: 'Undo',
      run: () => prefer({ presets: [...useSystem.getState().preferences.presets, current] }),
    })
  }
  return (
    <Field label="Preset">
      {name === undefined ? (
        <Select
          value={current?.name ?? ''}
          options={[
            ...(current ? [] : [{ value: '', label: presets.length > 0 ? 'Own settings' : 'None yet' }]),
            ...presets.map((preset) => ({ value: preset.name, label: preset.name })),
          ]}
          onChange={apply}
        />
      ) : (
        <TextField
          autoFocus
          label="Name of the preset"
          placeholder="Name, then Enter"
          maxLength={120}
          value={name}
          onChange={setName}
          onBlur={keep}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.currentTarget.blur()
            if (event.key === 'Escape') setName(undefined)
          }}
        />
      )}
      <Menu
        align="end"
        items={[
          { label: 'Save these settings as…', run: () => setName('') },
          {
            label: current ? `Delete ${current.name}` : 'Delete',
            disabled: !current,
            danger: current !== undefined,
            run: remove,
          },
        ]}
      >
        <IconButton icon={Ellipsis} size="small" side="left" label="Presets" />
      </Menu>
    </Field>
  )
}
