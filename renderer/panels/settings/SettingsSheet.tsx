// What is set once: where the library lies and what it weighs, which models there are, how the engine is.
import { useCallback, useEffect, useState } from 'react'
import type { AssetKind, LibraryFolder } from '../../../main/api'
import { choosePlace } from '../../app/actions/places'
import { bridge, call } from '../../app/client'
import { useSystem } from '../../app/stores/system'
import { complain, say, useUi } from '../../app/stores/ui'
import { Button, Dialog, Section } from '../../ui'
import { count, weigh } from '../queue/words'
import { engineWords } from '../status/words'
import { ModelsSection } from './ModelsSection'
import { DevicePicker } from './DevicePicker'
import css from './settings.module.css'

const kinds: readonly { readonly kind: AssetKind; readonly label: string }[] = [
  { kind: 'human', label: 'Humans' },
  { kind: 'background', label: 'Places' },
  { kind: 'motion', label: 'Motions' },
  { kind: 'clip', label: 'Clips' },
  { kind: 'model', label: 'Models' },
  { kind: 'adapter', label: 'Adapters' },
]

export function SettingsSheet() {
  return (
    <Dialog title="Settings" look="side" width={440} onClose={() => useUi.setState({ sheet: undefined })}>
      <div className={css.sections}>
        <EngineSection />
        <ModelsSection />
        <LibrarySection />
        <AboutSection />
      </div>
    </Dialog>
  )
}

function EngineSection() {
  const engine = useSystem((state) => state.engine)
  return (
    <Section title="Engine">
      <DevicePicker />
      {engine && (
        <dl className={css.facts}>
          <Fact name="State" value={engineWords(engine)} />
          <Fact name="Device" value={engine.device} />
          {engine.memory !== undefined && <Fact name="Memory" value={weigh(engine.memory)} />}
          {engine.reason && <Fact name="Why" value={engine.reason} />}
        </dl>
      )}
    </Section>
  )
}

function LibrarySection() {
  const [folder, setFolder] = useState<LibraryFolder>()
  const [busy, setBusy] = useState(false)
  const look = useCallback(() => void call('library.folder').then(setFolder).catch(complain), [])
  useEffect(look, [look])

  const work = (task: () => Promise<unknown>): void => {
    setBusy(true)
    task()
      .catch(complain)
      .finally(() => {
        setBusy(false)
        look()
      })
  }
  const move = async (): Promise<void> => {
    const place = await choosePlace({ what: 'library-folder' })
    if (!place) return
    setFolder(await call('library.move', { folder: place.grant }))
    say('info', `The library is in ${place.path} now.`)
  }
  return (
    <Section title="Library">
      {folder && (
        <>
          <p className={css.path} data-selectable>
            {folder.path}
          </p>
          <dl className={css.facts}>
            {kinds
              .map(({ kind, label }) => ({ label, ...folder.kinds[kind] }))
              .filter((row) => row.count > 0)
              .map((row) => (
                <Fact
                  key={row.label}
                  name={row.label}
                  value={`${row.count.toLocaleString('en')} · ${weigh(row.bytes)}`}
                />
              ))}
            <Fact name="Thumbnails" value={weigh(folder.thumbnailBytes)} />
            <Fact name="Trash" value={`${count(folder.trash.count, 'thing')} · ${weigh(folder.trash.bytes)}`} />
            <Fact name="Free on this disk" value={weigh(folder.freeBytes)} />
          </dl>
          <div className={css.buttons}>
            {bridge.host === 'electron' && (
              <Button onClick={() => void call('host.reveal', { library: true }).catch(complain)}>Reveal</Button>
            )}
            <Button disabled={busy} onClick={() => work(move)}>
              Move…
            </Button>
            <Button
              disabled={busy || folder.trash.count === 0}
              onClick={() => work(() => call('library.emptyTrash'))}
              title="What is in the trash is then gone for good; undo no longer brings it back"
            >
              Empty trash
            </Button>
          </div>
        </>
      )}
    </Section>
  )
}

function AboutSection() {
  const info = useSystem((state) => state.info)
  if (!info) return null
  return (
    <Section title="About">
      <dl className={css.facts}>
        <Fact name="Version" value={info.version} />
        <Fact name="System" value={info.platform} />
      </dl>
      <div className={css.buttons}>
        <Button onClick={() => useUi.setState({ sheet: 'doctor' })}>Doctor report</Button>
        <Button onClick={() => useUi.setState({ sheet: 'shortcuts' })}>Keyboard shortcuts</Button>
      </div>
    </Section>
  )
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd data-selectable>{value}</dd>
  </div>
)
