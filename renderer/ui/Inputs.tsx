// Choosing and typing: slider, select, text, search, checkbox, switch. All are the browser's own controls in our clothes, so
// that keys, screen readers and scripts know them.
import { useState } from 'react'
import type { ComponentProps, ReactNode, Ref } from 'react'
import { ChevronDown, Search, X } from 'lucide-react'
import { IconButton } from './Button'
import { useControl } from './Field'
import { classes } from './classes'
import { showNumber } from './number'
import css from './inputs.module.css'

interface SliderProps {
  readonly value: number
  readonly min: number
  readonly max: number
  readonly step: number
  readonly onChange: (value: number) => void
  /** A double click goes back to it. */
  readonly usual?: number
  /** The value as text, for the eye and the screen reader; the number alone when absent. */
  readonly show?: (value: number) => string
  /** Whether the value stands beside the slider. */
  readonly withValue?: boolean
  readonly label?: string
  readonly disabled?: boolean
}

export function Slider(props: SliderProps) {
  const { value, min, max, step, onChange, usual, label, disabled, withValue = true, show = decimal } = props
  const share = Math.min(1, Math.max(0, (value - min) / (max - min)))
  return (
    <>
      <input
        {...useControl(label)}
        type="range"
        className={css.slider}
        style={{ '--share': `calc(6px + ${share} * (100% - 12px))` } as ComponentProps<'input'>['style']}
        value={value}
        min={min}
        max={max}
        step={step}
        disabled={disabled}
        aria-valuetext={show(value)}
        onChange={(event) => onChange(event.target.valueAsNumber)}
        onDoubleClick={() => usual !== undefined && onChange(usual)}
      />
      {withValue && (
        <span className={css.value} aria-hidden>
          {show(value)}
        </span>
      )}
    </>
  )
}
const decimal = (value: number): string => showNumber(value, 2)

export interface Option<T extends string> {
  readonly value: T
  readonly label: string
  readonly disabled?: boolean
}
interface SelectProps<T extends string> {
  readonly value: T
  readonly options: readonly Option<T>[]
  readonly onChange: (value: T) => void
  readonly label?: string
  readonly disabled?: boolean
  readonly className?: string | undefined
}

export function Select<T extends string>({ value, options, onChange, label, disabled, className }: SelectProps<T>) {
  return (
    <span className={classes(css.select, className)}>
      <select
        {...useControl(label)}
        className={css.box}
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value as T)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown size={14} aria-hidden />
    </span>
  )
}

interface TextFieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value'> {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly label?: string
}

export function TextField({ value, onChange, label, className, ...rest }: TextFieldProps) {
  return (
    <input
      {...useControl(label)}
      type="text"
      autoComplete="off"
      spellCheck={false}
      className={classes(css.box, className)}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      {...rest}
    />
  )
}

interface SearchFieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly label: string
  readonly placeholder?: string
  readonly ref?: Ref<HTMLInputElement>
}

export function SearchField({ value, onChange, label, placeholder = 'Search', ref }: SearchFieldProps) {
  return (
    <span className={css.search}>
      <Search size={14} aria-hidden />
      <input
        ref={ref}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        className={css.box}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.stopPropagation()
          if (value) onChange('')
          else event.currentTarget.blur()
        }}
      />
    </span>
  )
}

interface CheckProps {
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly children: ReactNode
  readonly disabled?: boolean
}

export function Checkbox({ checked, onChange, children, disabled }: CheckProps) {
  return (
    <label className={css.check}>
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      {children}
    </label>
  )
}

export function Switch({ checked, onChange, children, disabled }: CheckProps) {
  return (
    <label className={classes(css.check, css.switch)}>
      <input
        type="checkbox"
        role="switch"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      {children}
    </label>
  )
}

interface TagsProps {
  readonly tags: readonly string[]
  readonly onChange: (tags: readonly string[]) => void
  readonly label: string
}

/** Words that can be added (Enter or a comma) and taken away (their cross, or Backspace in the empty box). */
export function Tags({ tags, onChange, label }: TagsProps) {
  const [text, setText] = useState('')
  const add = (): void => {
    const tag = text.trim().slice(0, 40)
    setText('')
    if (tag && !tags.includes(tag)) onChange([...tags, tag])
  }
  return (
    <span className={css.tags}>
      {tags.map((tag) => (
        <span key={tag} className={css.tag}>
          {tag}
          <IconButton
            icon={X}
            size="small"
            label={`Remove tag ${tag}`}
            onClick={() => onChange(tags.filter((other) => other !== tag))}
          />
        </span>
      ))}
      <TextField
        value={text}
        onChange={setText}
        label={label}
        placeholder={tags.length ? '' : label}
        maxLength={40}
        onBlur={add}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === ',') {
            event.preventDefault()
            add()
          } else if (event.key === 'Backspace' && !text) onChange(tags.slice(0, -1))
        }}
      />
    </span>
  )
}
