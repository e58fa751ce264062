// What made a clip, as a list to read.
import { useMemo } from 'react'
import type { Asset } from '../../../main/api'
import { useLibrary } from '../../app/stores/library'
import { factsOf } from './facts'
import css from './facts.module.css'

export function ClipFacts({ clip }: { readonly clip: Asset }) {
  const assets = useLibrary((state) => state.assets)
  const facts = useMemo(() => factsOf(clip, (id) => assets.get(id)?.name), [clip, assets])
  return (
    <dl className={css.facts} data-selectable>
      {facts.map(({ label, value, title }) => (
        <div key={label} title={title}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
