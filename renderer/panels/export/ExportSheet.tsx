// Clips out of the studio: which format, how large, where to. Writing goes through the queue, so the artist works on meanwhile.
import { useMemo, useState } from 'react'
import { Download, FolderOpen } from 'lucide-react'
import { exportFormats, thumbnailUrl } from '../../../main/api'
import type { Asset, Grant } from '../../../main/api'
import { choosePlace } from '../../app/actions/places'
import { call } from '../../app/client'
import { ofKind, useLibrary } from '../../app/stores/library'
import { rememberLayout, useSystem } from '../../app/stores/system'
import { complain, say, useUi } from '../../app/stores/ui'
import { Button, Dialog, EmptyState, Field, Select } from '../../ui'
import { count } from '../queue/words'
import { followExport } from './follow'
import { exportOf, formats, longSideOf, longSides, ownRange, qualities, rates } from './formats'
import type { Format, Quality } from './formats'
import css from './export.module.css'

const close = (): void => useUi.setState({ sheet: undefined })

export function ExportSheet() {
  const clips = useExported()
  const layout = useSystem((state) => state.preferences.layout)
  const [format, setFormat] = useState<Format>(exportFormats.find((name) => name === layout.exportFormat) ?? 'mp4')
  const [quality, setQuality] = useState<Quality>('good')
  const [longSide, setLongSide] = useState<number | null>(null)
  const [fps, setFps] = useState<number | null>(null)
  const [folder, setFolder] = useState<Grant | null>(null)
  const [starting, setStarting] = useState(false)
  const has = formats[format]

  const choose = (): void =>
    void choosePlace({ what: 'export-folder' })
      .then((grant) => grant && setFolder(grant))
      .catch(complain)
  const start = async (): Promise<void> => {
    setStarting(true)
    try {
      const ids = clips.map(({ id }) => id)
      const request = exportOf(ids, { format, quality, longSide, fps, folder: folder?.grant ?? null })
      const [job] = await call('jobs.add', { requests: [request] })
      close()
      if (!job) return
      say('info', `${job.title} has begun.`)
      followExport(job.id)
    } catch (error) {
      complain(error)
      setStarting(false)
    }
  }
  return (
    <Dialog
      title="Export"
      width={480}
      onClose={close}
      footer={
        <Button variant="primary" disabled={clips.length === 0 || starting} onClick={() => void start()}>
          Export
        </Button>
      }
    >
      {clips.length === 0 ? (
        <EmptyState icon={Download} title="No clip to export">
          Render a clip first, or select some in the gallery.
        </EmptyState>
      ) : (
        <>
          <Clips clips={clips} />
          <Field label="Format">
            <Select
              value={format}
              options={exportFormats.map((value) => ({ value, label: formats[value].label }))}
              onChange={(value) => {
                setFormat(value)
                rememberLayout('exportFormat', value)
              }}
            />
          </Field>
          <p className={css.text}>{has.text}</p>
          <Field label="Quality">
            <Select value={quality} options={qualities} disabled={!has.quality} onChange={setQuality} />
          </Field>
          <Field label="Long side">
            <Numbers
              value={longSide}
              values={longSides}
              unit="pixels"
              own={ownRange(clips.map(longSideOf))}
              onChange={setLongSide}
            />
          </Field>
          <Field label="Frames per second">
            <Numbers
              value={fps}
              values={rates}
              unit="fps"
              own={ownRange(clips.map((clip) => clip.clip?.fps))}
              disabled={!has.fps}
              onChange={setFps}
            />
          </Field>
          <Field label="Folder">
            <span className={css.folder} title={folder?.path}>
              {folder?.path ?? "The studio's own folder for exports"}
            </span>
            <Button icon={FolderOpen} onClick={choose}>
              Choose folder…
            </Button>
          </Field>
        </>
      )}
    </Dialog>
  )
}

interface NumbersProps {
  readonly value: number | null
  readonly values: readonly (number | null)[]
  readonly unit: string
  /** What the clips have themselves. */
  readonly own: string
  readonly disabled?: boolean
  readonly onChange: (value: number | null) => void
}

function Numbers({ value, values, unit, own, disabled = false, onChange }: NumbersProps) {
  return (
    <Select
      value={String(value)}
      disabled={disabled}
      options={values.map((number) => ({
        value: String(number),
        label: number === null ? `As rendered${own && ` (${own})`}` : `${number} ${unit}`,
      }))}
      onChange={(text) => onChange(text === 'null' ? null : Number(text))}
    />
  )
}

function Clips({ clips }: { readonly clips: readonly Asset[] }) {
  return (
    <div className={css.clips}>
      {clips.slice(0, 5).map(({ id }) => (
        <img key={id} src={thumbnailUrl(id)} alt="" decoding="async" />
      ))}
      <span>{clips.length === 1 ? clips[0]!.name : count(clips.length, 'clip')}</span>
    </div>
  )
}

/** What is in the viewer, else what is selected, else the newest clip. */
function useExported(): readonly Asset[] {
  const selected = useUi((state) => state.selectedClips)
  const viewer = useUi((state) => state.viewer)
  const assets = useLibrary((state) => state.assets)
  return useMemo(() => {
    const known = (ids: readonly string[]) => ids.map((id) => assets.get(id)).filter((clip) => clip?.kind === 'clip')
    const chosen = [known(viewer), known(selected), ofKind(assets, 'clip').slice(0, 1)].find((some) => some.length > 0)
    return (chosen ?? []).filter((clip) => clip !== undefined)
  }, [selected, viewer, assets])
}
