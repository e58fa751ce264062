// Which device the engine computes on. What there is to choose comes from trying each one, which may take a while; until then the choice
// that was made stands.
import { useEffect, useState } from 'react'
import type { DeviceOption } from '../../../main/api'
import { call } from '../../app/client'
import { prefer, useSystem } from '../../app/stores/system'
import { complain } from '../../app/stores/ui'
import { Field, Select } from '../../ui'
import css from './settings.module.css'

const hint =
  'What clips and training are computed on. A device that fails leaves its work to the processor; no job is lost.'

export function DevicePicker() {
  const chosen = useSystem((state) => state.preferences.device)
  const [found, setFound] = useState<readonly DeviceOption[]>()
  useEffect(() => void call('system.devices').then(setFound).catch(complain), [])
  const options = found ?? [{ id: chosen, name: chosen === 'auto' ? 'Automatic' : chosen, available: true }]
  const text = found ? about(found, chosen) : 'Looking for devices…'
  return (
    <>
      <Field label="Compute on" hint={hint}>
        <Select
          value={chosen}
          options={options.map(({ id, name, available }) => ({
            value: id,
            label: available ? name : `${name}: not here`,
            disabled: !available,
          }))}
          onChange={(device) => prefer({ device })}
        />
      </Field>
      <p className={css.about} role="status">
        {text}
      </p>
    </>
  )
}

/** What is known of the chosen device; of 'auto', why the others are not taken. */
function about(found: readonly DeviceOption[], chosen: DeviceOption['id']): string {
  if (chosen !== 'auto') return sentence(found.find(({ id }) => id === chosen)?.text ?? '')
  const cards = found.filter(({ id }) => id !== 'auto' && id !== 'cpu')
  if (cards.some(({ available }) => available)) return 'The fastest that works and agrees with the processor.'
  return 'Only the processor works here. The doctor report says why the other devices do not, and the way out.'
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
