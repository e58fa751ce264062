// A label at the left and its control at the right. The control inside takes its id from the field, so the label names it.
import { createContext, useContext, useId } from 'react'
import type { ReactNode } from 'react'
import { Tooltip } from './Tooltip'
import { classes } from './classes'
import css from './Field.module.css'

interface FieldIds {
  readonly id: string
  readonly 'aria-describedby'?: string
}
const FieldContext = createContext<FieldIds | undefined>(undefined)

/** Attributes of the control of the field around it; `label` names a control that stands alone (or second in its field). */
export function useControl(label?: string): Partial<FieldIds> & { 'aria-label'?: string } {
  const field = useContext(FieldContext)
  return label !== undefined ? { 'aria-label': label } : (field ?? {})
}

interface Props {
  readonly label: string
  /** What it does, for the tooltip: here the paper's words are allowed. */
  readonly hint?: string
  readonly layout?: 'row' | 'column'
  readonly children: ReactNode
}

export function Field({ label, hint, layout = 'row', children }: Props) {
  const id = useId()
  const described = hint ? { 'aria-describedby': `${id}-hint` } : {}
  const name = (
    <label htmlFor={id} className={css.label}>
      {label}
    </label>
  )
  return (
    <div className={classes(css.field, layout === 'column' && css.column)}>
      {hint ? (
        <Tooltip text={hint} side="left">
          {name}
        </Tooltip>
      ) : (
        name
      )}
      <div className={css.control}>
        <FieldContext value={{ id, ...described }}>{children}</FieldContext>
      </div>
      {hint && (
        <span id={`${id}-hint`} hidden>
          {hint}
        </span>
      )}
    </div>
  )
}
