// Width and height of the clip: usual sizes to pick, sides to type or drag, and the shape's lock.
import { useState } from 'react'
import { Link, Unlink } from 'lucide-react'
import { Field, IconButton, NumberField, Select } from '../../ui'
import { change } from './settings'
import { presetSizes, sideRange, sizeText, withSide } from './sizes'
import type { Size } from './sizes'
import css from './inspector.module.css'

export function SizeFields({ size: { width, height } }: { size: Size }) {
  const [ratio, setRatio] = useState<number>()
  const size = { width, height }
  const set = (next: Size): void => change('Size', next)
  const preset = presetSizes.find((one) => one.width === width && one.height === height)
  return (
    <>
      <Field label="Size">
        <Select
          value={preset ? sizeText(preset) : ''}
          options={[
            ...(preset ? [] : [{ value: '', label: `${sizeText(size)} (own)` }]),
            ...presetSizes.map((one) => ({ value: sizeText(one), label: sizeText(one) })),
          ]}
          onChange={(text) => {
            const picked = presetSizes.find((one) => sizeText(one) === text)
            if (!picked) return
            set(picked)
            if (ratio !== undefined) setRatio(picked.width / picked.height)
          }}
        />
      </Field>
      <div className={css.sides}>
        <NumberField
          {...sideRange}
          label="Width"
          value={width}
          onChange={(value) => set(withSide(size, 'width', value, ratio))}
        />
        <span aria-hidden>×</span>
        <NumberField
          {...sideRange}
          label="Height"
          value={height}
          onChange={(value) => set(withSide(size, 'height', value, ratio))}
        />
        <IconButton
          icon={ratio === undefined ? Unlink : Link}
          size="small"
          side="left"
          label="Keep the shape"
          pressed={ratio !== undefined}
          onClick={() => setRatio(ratio === undefined ? width / height : undefined)}
        />
      </div>
    </>
  )
}
