// What answers the eye: progress, emptiness, a section with its heading.
import { useId } from 'react'
import type { ReactNode } from 'react'
import type { LucideIcon } from 'lucide-react'
import { classes } from './classes'
import css from './Feedback.module.css'

interface ProgressProps {
  /** 0..1. */
  readonly share: number
  readonly label: string
  readonly className?: string | undefined
}

export function ProgressBar({ share, label, className }: ProgressProps) {
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className={classes(css.progress, className)}
    >
      <div style={{ transform: `scaleX(${share})` }} />
    </div>
  )
}

interface EmptyProps {
  readonly icon?: LucideIcon
  readonly title: string
  readonly children?: ReactNode
  /** Usually one button. */
  readonly action?: ReactNode
}

export function EmptyState({ icon: Icon, title, children, action }: EmptyProps) {
  return (
    <div className={css.empty}>
      {Icon && <Icon size={28} strokeWidth={1.25} aria-hidden />}
      <p className={css.emptyTitle}>{title}</p>
      {children && <div className={css.emptyText}>{children}</div>}
      {action}
    </div>
  )
}

/** A group of fields under a heading in capitals. */
export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className={css.section}>
      <header>
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  )
}
