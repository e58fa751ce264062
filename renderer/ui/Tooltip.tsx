// A word about a control, and its key, when the pointer rests on it or it has the focus.
import type { ReactElement, ReactNode } from 'react'
import { Tooltip as Base } from 'radix-ui'
import { Kbd } from './Kbd'
import css from './Tooltip.module.css'

/** Once, around the window. */
export const TooltipProvider = ({ children }: { children: ReactNode }) => (
  <Base.Provider delayDuration={500} skipDelayDuration={200} disableHoverableContent>
    {children}
  </Base.Provider>
)

interface Props {
  readonly text: ReactNode
  /** In the syntax of the command table: 'CmdOrCtrl+S'. */
  readonly shortcut?: string | undefined
  readonly side?: 'top' | 'right' | 'bottom' | 'left'
  /** One element that takes a ref. */
  readonly children: ReactElement
}

export function Tooltip({ text, shortcut, side = 'bottom', children }: Props) {
  return (
    <Base.Root>
      <Base.Trigger asChild>{children}</Base.Trigger>
      <Base.Portal>
        <Base.Content className={css.tip} side={side} sideOffset={6} collisionPadding={8}>
          {text}
          {shortcut && <Kbd keys={shortcut} />}
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  )
}
