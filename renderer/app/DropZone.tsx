// Files dragged over the window: dropped on the library's tabs or list those decide what pictures are; elsewhere the two halves
// of the window ask.
import { useEffect, useState } from 'react'
import { ImagePlus, Mountain, PersonStanding } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { importFiles, pictureKindOf } from './actions/import'
import type { PictureKind } from './actions/import'
import { complain, useUi } from './stores/ui'
import { openDroppedProject } from './actions/project'
import type { AssetKind } from '../../main/api'
import { classes } from '../ui'
import css from './app.module.css'

interface Drag {
  readonly pictures: boolean
  /** Left edge of the overlay: the library stays free, pixels. */
  readonly left: number
  readonly top: number
  readonly over: PictureKind | 'any' | undefined
}

export function DropZone() {
  const [drag, setDrag] = useState<Drag>()

  useEffect(() => {
    const end = new AbortController()
    const options = { signal: end.signal }
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false
    addEventListener(
      'dragover',
      (event) => {
        if (!hasFiles(event)) return
        event.preventDefault()
        setDrag((now) => look(event, now))
      },
      options,
    )
    addEventListener(
      'dragleave',
      (event) => {
        if (event.relatedTarget === null) setDrag(undefined)
      },
      options,
    )
    addEventListener(
      'drop',
      (event) => {
        if (!hasFiles(event)) return
        event.preventDefault()
        setDrag(undefined)
        take(event).catch(complain)
      },
      options,
    )
    return () => end.abort()
  }, [])

  if (!drag) return null
  const { pictures, left, top, over } = drag
  return (
    <div className={css.drop} style={{ left, top }}>
      {pictures ? (
        <>
          <Target icon={PersonStanding} kind="human" title="Human" text="Cut out, and moves" over={over} />
          <Target icon={Mountain} kind="background" title="Place" text="Stands behind" over={over} />
        </>
      ) : (
        <Target
          icon={ImagePlus}
          kind="any"
          title="Add to the library"
          text="Motions, videos, models, projects"
          over={over}
        />
      )}
    </div>
  )
}

interface TargetProps {
  readonly icon: LucideIcon
  readonly kind: PictureKind | 'any'
  readonly title: string
  readonly text: string
  readonly over: Drag['over']
}

const Target = ({ icon: Icon, kind, title, text, over }: TargetProps) => (
  <div className={classes(css.target, over === kind && css.over)} data-drop={kind}>
    <Icon size={32} strokeWidth={1.25} aria-hidden />
    <b>{title}</b>
    <span>{text}</span>
  </div>
)

/** What the pointer is over. The library marks its tabs and list with data-drop as the overlay does its halves. */
const dropOf = (event: DragEvent): string | undefined =>
  (event.target instanceof Element ? event.target.closest<HTMLElement>('[data-drop]') : null)?.dataset.drop

function look(event: DragEvent, now: Drag | undefined): Drag {
  const items = [...(event.dataTransfer?.items ?? [])]
  const library = document.querySelector('[data-drop-free]')?.getBoundingClientRect()
  const kind = dropOf(event)
  const over = kind === 'human' || kind === 'background' || kind === 'any' ? kind : undefined
  const next: Drag = {
    pictures: items.some((item) => item.type.startsWith('image/')),
    left: library?.right ?? 0,
    top: library?.top ?? 44,
    over,
  }
  return now && JSON.stringify(now) === JSON.stringify(next) ? now : next
}

async function take(event: DragEvent): Promise<void> {
  const files = [...(event.dataTransfer?.files ?? [])]
  const project = files.find((file) => file.name.endsWith('.anywhere'))
  if (project) return openDroppedProject(project)
  const kind = dropOf(event)
  const given = kind === undefined || kind === 'any' ? undefined : pictureKindOf(kind as AssetKind)
  if (given) useUi.setState({ tab: given })
  await importFiles(files, given)
}
