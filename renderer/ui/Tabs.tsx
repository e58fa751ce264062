// One of a few: tabs (a line under the chosen one, or a pill) and radio buttons side by side. One stop for the Tab key; arrows
// move and choose.
import { useRef } from 'react'
import type { KeyboardEvent, ReactNode } from 'react'
import { classes } from './classes'
import css from './Tabs.module.css'

export interface Tab<T extends string> {
  readonly value: T
  readonly label: string
  /** Instead of the label, for the eye; the label stays the name. */
  readonly content?: ReactNode
}

interface Props<T extends string> {
  readonly label: string
  readonly tabs: readonly Tab<T>[]
  readonly value: T
  readonly onChange: (value: T) => void
  readonly look?: 'line' | 'pill'
  /** Id of the element that shows the chosen tab's content. */
  readonly panel?: string
  readonly className?: string | undefined
}

export const Tabs = <T extends string>(props: Props<T>) => <Choice {...props} role="tab" />

/** The same as a group of radio buttons: for a view or a mode that has no panel of its own. */
export const Segmented = <T extends string>(props: Omit<Props<T>, 'panel' | 'look'>) => (
  <Choice {...props} look="pill" role="radio" />
)

function Choice<T extends string>(props: Props<T> & { readonly role: 'tab' | 'radio' }) {
  const { label, tabs, value, onChange, look = 'line', panel, className, role } = props
  const list = useRef<HTMLDivElement>(null)

  const key = (event: KeyboardEvent): void => {
    const at = tabs.findIndex((tab) => tab.value === value)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    event.stopPropagation()
    const index = (to + tabs.length) % tabs.length
    onChange(tabs[index]!.value)
    ;(list.current?.children[index] as HTMLElement | undefined)?.focus()
  }
  return (
    <div
      ref={list}
      role={role === 'tab' ? 'tablist' : 'radiogroup'}
      aria-label={label}
      className={classes(css.list, css[look], className)}
      onKeyDown={key}
    >
      {tabs.map((tab) => {
        const chosen = tab.value === value
        return (
          <button
            key={tab.value}
            type="button"
            role={role}
            aria-label={tab.content === undefined ? undefined : tab.label}
            {...(role === 'tab'
              ? { 'aria-selected': chosen, 'aria-controls': chosen ? panel : undefined }
              : { 'aria-checked': chosen })}
            tabIndex={chosen ? 0 : -1}
            onClick={() => onChange(tab.value)}
          >
            {tab.content ?? tab.label}
          </button>
        )
      })}
    </div>
  )
}
