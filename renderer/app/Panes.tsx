// Panes beside or above each other, with handles between them. Their sizes (pixels) are kept with the preferences.
import { useRef } from 'react'
import type { ReactNode } from 'react'
import { Group, Panel, Separator } from 'react-resizable-panels'
import { rememberLayout, useSystem } from './stores/system'
import css from './app.module.css'

interface PanesProps {
  readonly orientation: 'horizontal' | 'vertical'
  readonly children: ReactNode
}

export const Panes = ({ orientation, children }: PanesProps) => (
  <Group orientation={orientation} className={css.panes}>
    {children}
  </Group>
)

interface SidePaneProps {
  /** Under which its size is kept. */
  readonly name: string
  /** Pixels. */
  readonly size: number
  readonly min: number
  readonly max: number
  readonly children: ReactNode
}

/** A pane that keeps its pixels when the window grows. */
export function SidePane({ name, size, min, max, children }: SidePaneProps) {
  const key = `pane.${name}`
  const kept = useSystem((state) => state.preferences.layout[key])
  const start = useRef(typeof kept === 'number' ? Math.min(max, Math.max(min, kept)) : size)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  return (
    <Panel
      id={name}
      className={css.pane}
      defaultSize={start.current}
      minSize={min}
      maxSize={max}
      groupResizeBehavior="preserve-pixel-size"
      onResize={({ inPixels }, _, before) => {
        if (before === undefined || Math.round(inPixels) === useSystem.getState().preferences.layout[key]) return
        clearTimeout(timer.current)
        timer.current = setTimeout(() => rememberLayout(key, Math.round(inPixels)), 400)
      }}
    >
      {children}
    </Panel>
  )
}

/** The pane that takes what is left. */
export const MainPane = ({ name, min, children }: { name: string; min: number; children: ReactNode }) => (
  <Panel id={name} className={css.pane} minSize={min}>
    {children}
  </Panel>
)

export const Handle = ({ label }: { label: string }) => <Separator className={css.handle} aria-label={label} />
