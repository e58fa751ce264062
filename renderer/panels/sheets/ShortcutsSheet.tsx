// Every key of the window, made from the table of commands.
import { commands } from '../../../main/api'
import type { Command } from '../../../main/api'
import { useUi } from '../../app/stores/ui'
import { Dialog, Kbd } from '../../ui'
import css from './sheets.module.css'

const table: readonly Command[] = commands
const menus = [...new Set(table.map(({ menu }) => menu))]
/** What no command is: keys of lists and numbers. */
const others = [
  { title: 'Choose or open', key: 'Return' },
  { title: 'Rename', key: 'F2' },
  { title: 'A number: ten steps at once', key: 'Shift+Up' },
]

export function ShortcutsSheet() {
  return (
    <Dialog title="Keyboard shortcuts" width={720} onClose={() => useUi.setState({ sheet: undefined })}>
      <div className={css.shortcuts}>
        {menus.map((menu) => (
          <Group
            key={menu}
            title={menu}
            rows={table.filter((command) => command.menu === menu && command.key !== undefined)}
          />
        ))}
        <Group title="Lists and numbers" rows={others} />
      </div>
    </Dialog>
  )
}

function Group({ title, rows }: { title: string; rows: readonly { readonly title: string; readonly key?: string }[] }) {
  return (
    <section className={css.group}>
      <h3>{title}</h3>
      <dl>
        {rows.map((row) => (
          <div key={row.title}>
            <dt>{row.title.replace('…', '')}</dt>
            <dd>
              <Kbd keys={row.key!} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
