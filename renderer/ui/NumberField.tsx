// A number one can type, step with the arrow keys (Shift: ten steps) or drag sideways. Escape takes a typed value back.
import { useEffect, useRef, useState } from 'react'
import type { KeyboardEvent, PointerEvent } from 'react'
import { useControl } from './Field'
import { classes } from './classes'
import { fit, parseNumber, showNumber } from './number'
import type { NumberRange } from './number'
import css from './inputs.module.css'

interface Props extends NumberRange {
  readonly value: number
  readonly onChange: (value: number) => void
  /** Shown after the number: 'px', 's'. */
  readonly unit?: string
  /** Only for a number without a Field around it. */
  readonly label?: string
  readonly disabled?: boolean
  readonly className?: string | undefined
}

/** Pixels of dragging per step, and before a press counts as a drag. */
const dragPixels = 4
/** With Ctrl or ⌘ they belong to the text being typed. */
const editingKeys = new Set(['a', 'c', 'v', 'x', 'y', 'z', 'control', 'meta', 'shift', 'alt'])

export function NumberField({ value, onChange, unit, label, disabled, className, ...range }: Props) {
  const control = useControl(label)
  const [text, setText] = useState<string>()
  const input = useRef<HTMLInputElement>(null)
  const drag = useRef<{ x: number; from: number; moved: boolean } | undefined>(undefined)
  const { step, decimals = 0 } = range

  const set = (next: number): void => {
    const fitted = fit(next, range)
    if (fitted !== value) onChange(fitted)
  }
  const commit = (): void => {
    if (text === undefined) return
    const typed = parseNumber(text)
    setText(undefined)
    if (typed !== undefined) set(typed)
  }
  const key = (event: KeyboardEvent<HTMLInputElement>): void => {
    const direction = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0
    if (direction) {
      event.preventDefault()
      setText(undefined)
      const from = (text !== undefined ? parseNumber(text) : undefined) ?? value
      set(from + direction * step * (event.shiftKey ? 10 : 1))
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      commit()
      input.current?.select()
    } else if ((event.ctrlKey || event.metaKey) && !editingKeys.has(event.key.toLowerCase())) {
      commit() // a shortcut acts on what was typed, without leaving the field first
    } else if (event.key === 'Escape' && text !== undefined) {
      event.stopPropagation()
      setText(undefined)
    }
  }
  const press = (event: PointerEvent<HTMLInputElement>): void => {
    if (disabled || event.button !== 0 || document.activeElement === input.current) return
    event.preventDefault() // no text selection: the press may become a drag
    event.currentTarget.setPointerCapture(event.pointerId)
    drag.current = { x: event.clientX, from: value, moved: false }
  }
  const move = (event: PointerEvent<HTMLInputElement>): void => {
    const start = drag.current
    if (!start) return
    const steps = Math.trunc((event.clientX - start.x) / dragPixels)
    if (steps !== 0) start.moved = true
    if (start.moved) set(start.from + steps * step * (event.shiftKey ? 10 : 1))
  }
  const release = (): void => {
    const start = drag.current
    drag.current = undefined
    if (start && !start.moved) {
      input.current?.focus()
      input.current?.select()
    }
  }
  // The wheel changes the number only while it has the focus.
  useEffect(() => {
    const element = input.current
    const wheel = (event: WheelEvent): void => {
      if (document.activeElement === element) event.preventDefault()
    }
    element?.addEventListener('wheel', wheel, { passive: false })
    return () => element?.removeEventListener('wheel', wheel)
  }, [])

  return (
    <span className={classes(css.number, className)}>
      <input
        {...control}
        ref={input}
        className={css.box}
        role="spinbutton"
        aria-valuenow={value}
        aria-valuemin={range.min}
        aria-valuemax={range.max}
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        disabled={disabled}
        value={text ?? showNumber(value, decimals)}
        onChange={(event) => setText(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={commit}
        onKeyDown={key}
        onPointerDown={press}
        onPointerMove={move}
        onPointerUp={release}
        onPointerCancel={() => (drag.current = undefined)}
      />
      {unit && (
        <span className={css.unit} aria-hidden>
          {unit}
        </span>
      )}
    </span>
  )
}
