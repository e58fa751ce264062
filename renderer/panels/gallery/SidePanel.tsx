// At the right of the gallery: the queue, the settings of the next renders, or what made the selected clip.
import { useUi } from '../../app/stores/ui'
import { Tabs } from '../../ui'
import { InspectorPanel } from '../inspector'
import { QueuePanel } from '../queue'
import { ClipPanel } from './ClipPanel'
import css from './gallery.module.css'

const tabs = [
  { value: 'queue', label: 'Queue' },
  { value: 'settings', label: 'Settings' },
  { value: 'clip', label: 'Clip' },
] as const

export function SidePanel() {
  const side = useUi((state) => state.side)
  return (
    <aside className={css.side} aria-label="Details">
      <Tabs
        className={css.sideTabs}
        label="Details"
        tabs={tabs}
        value={side}
        panel="gallery-side"
        onChange={(value) => useUi.setState({ side: value })}
      />
      <div
        id="gallery-side"
        role="tabpanel"
        aria-label={tabs.find(({ value }) => value === side)!.label}
        className={css.sideBody}
      >
        {side === 'queue' ? <QueuePanel /> : side === 'settings' ? <InspectorPanel /> : <ClipPanel />}
      </div>
    </aside>
  )
}
