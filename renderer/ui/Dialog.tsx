// A panel over the window that takes the focus and gives it back. Escape, its cross and a press beside it close it.
import { useEffect, useState } from 'react'
import type { KeyboardEvent, ReactNode } from 'react'
import { Dialog as Base } from 'radix-ui'
import { X } from 'lucide-react'
import { IconButton } from './Button'
import { classes } from './classes'
import css from './Dialog.module.css'

interface Props {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
  /** Buttons at its end. */
  readonly footer?: ReactNode
  /** 'side': a sheet at the right edge; 'middle' otherwise; 'full' has no header and fills the window (the viewer). */
  readonly look?: 'middle' | 'side' | 'full'
  /** Pixels. */
  readonly width?: number
}

/** The dialog takes the focus itself, not its first button, whose tooltip would then lie open; unless a field has it already. */
function focusDialog(event: Event): void {
  const dialog = event.currentTarget as HTMLElement
  event.preventDefault()
  if (!dialog.contains(document.activeElement)) dialog.focus()
}

/** Radix gives the focus back to the button that opens a dialog; ours know none, so what had the focus gets it back. */
function useReturnOfFocus(): void {
  const [before] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      setTimeout(() => {
        if (document.activeElement !== document.body) return
        const there =
          before?.isConnected && before !== document.body ? before : document.querySelector('#workspace [tabindex="0"]')
        if (there instanceof HTMLElement) there.focus({ preventScroll: true })
      })
    },
    [],
  )
}

/** Open while it is mounted. */
export function Dialog({ title, onClose, children, footer, look = 'middle', width = 520 }: Props) {
  useReturnOfFocus()
  // An open tooltip would take the first Escape for itself. A menu's Escape comes from outside the dialog's elements.
  const key = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && event.currentTarget.contains(event.target as Node)) onClose()
  }
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        {/* Not Base.Overlay: that one injects a style element, which the content security policy forbids. */}
        <div className={css.ground} />
        <Base.Content
          className={classes(css.dialog, css[look])}
          style={look === 'full' ? undefined : { width }}
          aria-describedby={undefined}
          onOpenAutoFocus={focusDialog}
          onKeyDown={key}
        >
          {look === 'full' ? (
            <>
              <Base.Title className="visually-hidden">{title}</Base.Title>
              {children}
            </>
          ) : (
            <>
              <header className={css.header}>
                <Base.Title className={css.title}>{title}</Base.Title>
                <IconButton icon={X} label="Close" onClick={onClose} />
              </header>
              <div className={css.body}>{children}</div>
              {footer && <footer className={css.footer}>{footer}</footer>}
            </>
          )}
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  )
}
