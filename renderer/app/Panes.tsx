// Panes beside or above each other, with handles between them. Their sizes (pixels) are kept with the preferences.
import { createContext, useContext, useRef } from 'react'
import type { ReactNode } from 'react'
import { Group, Panel, Separator } from 'react-resizable-panels'
import { rememberLayout, useSystem } from './stores/system'
import css from './app.module.css'

interface PanesProps {
  readonly orientation: 'horizontal' | 'vertical'
  readonly children: ReactNode
}

/** Sizes of the side panes of a group as they are now, pixels. */
const SizesContext = createContext<Map<string, number>>(new Map())

export function Panes({ orientation, children }: PanesProps) {
  const sizes = useRef(new Map<string, number>())
  return (
    <SizesContext value={sizes.current}>
      <Group
        orientation={orientation}
        className={css.panes}
        onLayoutChanged={(_, { isUserInteraction }) => {
          if (isUserInteraction) for (const [name, size] of sizes.current) rememberSize(name, size)
        }}
      >
        {children}
      </Group>
    </SizesContext>
  )
}

function rememberSize(name: string, size: number): void {
  const key = `pane.${name}`
  if (useSystem.getState().preferences.layout[key] !== size) rememberLayout(key, size)
}

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
  const sizes = useContext(SizesContext)
  const kept = useSystem((state) => state.preferences.layout[`pane.${name}`])
  const start = useRef(typeof kept === 'number' ? Math.min(max, Math.max(min, kept)) : size)
  return (
    <Panel
      id={name}
      className={css.pane}
      defaultSize={start.current}
      minSize={min}
      maxSize={max}
      groupResizeBehavior="preserve-pixel-size"
      onResize={({ inPixels }) => sizes.set(name, Math.round(inPixels))}
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
