// Buttons: one main action per view is 'primary' (amber), others are plain or quiet; an IconButton always has a name.
import type { ComponentProps, ReactNode } from 'react'
import type { LucideIcon } from 'lucide-react'
import { Tooltip } from './Tooltip'
import { classes } from './classes'
import css from './Button.module.css'

interface ButtonProps extends ComponentProps<'button'> {
  readonly variant?: 'primary' | 'plain' | 'quiet' | 'danger'
  readonly icon?: LucideIcon
  readonly children: ReactNode
}

export function Button({ variant = 'plain', icon: Icon, className, children, ...rest }: ButtonProps) {
  return (
    <button type="button" className={classes(css.button, css[variant], className)} {...rest}>
      {Icon && <Icon size={14} aria-hidden />}
      {children}
    </button>
  )
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  readonly icon: LucideIcon
  /** Its name, and its tooltip. */
  readonly label: string
  readonly shortcut?: string | undefined
  /** For a button that stays down: said with aria-pressed. */
  readonly pressed?: boolean | undefined
  readonly size?: 'small' | 'normal'
  /** Where the tooltip appears. */
  readonly side?: 'top' | 'right' | 'bottom' | 'left'
}

export function IconButton({
  icon: Icon,
  label,
  shortcut,
  pressed,
  size = 'normal',
  side = 'bottom',
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label} shortcut={shortcut} side={side}>
      <button
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        className={classes(css.icon, size === 'small' && css.small, className)}
        {...rest}
      >
        <Icon size={size === 'small' ? 14 : 16} aria-hidden />
      </button>
    </Tooltip>
  )
}
