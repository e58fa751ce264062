// Menus made from a list of items: under a button, or where the right mouse button (or the menu key) was pressed.
import { Fragment, useRef } from 'react'
import type { ReactElement } from 'react'
import { ContextMenu as Context, DropdownMenu as Dropdown } from 'radix-ui'
import { Check } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { Kbd } from './Kbd'
import { classes } from './classes'
import css from './Menu.module.css'

export interface MenuItem {
  readonly label: string
  readonly run: () => void
  readonly icon?: LucideIcon
  readonly shortcut?: string | undefined
  readonly disabled?: boolean
  readonly danger?: boolean
  /** Shows a tick (or its absence). */
  readonly checked?: boolean
  /** Begins a new group. */
  readonly group?: boolean
}

/** Runs an item's action when the menu has closed and given the focus back: an action may then move the focus itself. */
function useAfterClose() {
  const picked = useRef<() => void>(undefined)
  return {
    pick: (run: () => void) => (picked.current = run),
    onCloseAutoFocus: () => {
      const run = picked.current
      picked.current = undefined
      if (run) setTimeout(run)
    },
  }
}

// Neither menu is modal: a modal one would inject a style element, which the content security policy forbids.

interface MenuProps {
  readonly items: readonly MenuItem[]
  /** One element that takes a ref: the button, or what is pressed. */
  readonly children: ReactElement
}

export function Menu({ items, children, align = 'start' }: MenuProps & { readonly align?: 'start' | 'end' }) {
  const { pick, onCloseAutoFocus } = useAfterClose()
  return (
    <Dropdown.Root modal={false}>
      <Dropdown.Trigger asChild>{children}</Dropdown.Trigger>
      <Dropdown.Portal>
        <Dropdown.Content
          className={css.menu}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          loop
          onCloseAutoFocus={onCloseAutoFocus}
        >
          <Items items={items} parts={Dropdown} pick={pick} />
        </Dropdown.Content>
      </Dropdown.Portal>
    </Dropdown.Root>
  )
}

export function ContextMenu({ items, children }: MenuProps) {
  const { pick, onCloseAutoFocus } = useAfterClose()
  return (
    <Context.Root modal={false}>
      <Context.Trigger asChild>{children}</Context.Trigger>
      <Context.Portal>
        <Context.Content className={css.menu} collisionPadding={8} loop onCloseAutoFocus={onCloseAutoFocus}>
          <Items items={items} parts={Context} pick={pick} />
        </Context.Content>
      </Context.Portal>
    </Context.Root>
  )
}

interface ItemsProps {
  readonly items: readonly MenuItem[]
  readonly parts: typeof Dropdown | typeof Context
  readonly pick: (run: () => void) => void
}

function Items({ items, parts, pick }: ItemsProps) {
  const { Item, CheckboxItem, Separator } = parts
  return items.map((item) => {
    const { label, run, icon: Icon, shortcut, disabled, danger, checked, group } = item
    const inside = (
      <>
        <span className={css.icon}>
          {checked ? <Check size={14} aria-hidden /> : Icon && <Icon size={14} aria-hidden />}
        </span>
        <span className={css.label}>{label}</span>
        {shortcut && <Kbd keys={shortcut} />}
      </>
    )
    const shared = {
      className: classes(css.item, danger && css.danger),
      disabled: disabled ?? false,
      onSelect: () => pick(run),
    }
    return (
      <Fragment key={label}>
        {group && <Separator className={css.separator} />}
        {checked === undefined ? (
          <Item {...shared}>{inside}</Item>
        ) : (
          <CheckboxItem {...shared} checked={checked}>
            {inside}
          </CheckboxItem>
        )}
      </Fragment>
    )
  })
}
