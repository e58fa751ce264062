// The native menu: every command of the table, in its place, with its key. The window handles the keys itself, for it knows
// where the focus is (S stars a clip, but writes an s in a field); the menu only shows them.
import { Menu, app } from 'electron'
import type { MenuItemConstructorOptions } from 'electron'
import { commands } from '../api'
import type { Command, CommandId } from '../api'

const mac = process.platform === 'darwin'
const separator: MenuItemConstructorOptions = { type: 'separator' }

/** What the system does itself, by menu, after our commands. */
const system: Readonly<Partial<Record<Command['menu'], readonly MenuItemConstructorOptions[]>>> = {
  File: mac ? [{ role: 'close' }] : [{ role: 'quit' }],
  Edit: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }],
  View: [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
    ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
  ],
  Help: mac ? [] : [{ role: 'about' }],
}

/** The menu bar; `choose` is called with the command that was picked. */
export function buildMenu(choose: (command: CommandId) => void): Menu {
  app.setAboutPanelOptions({ applicationName: app.getName(), applicationVersion: app.getVersion() })
  const names = [...new Set(commands.map(({ menu }) => menu))]
  const menus = names.map((menu): MenuItemConstructorOptions => {
    const ours = commands.filter((command) => command.menu === menu).flatMap((command) => items(command, choose))
    const others = system[menu] ?? []
    return { label: menu, submenu: [...ours, ...(others.length > 0 ? [separator, ...others] : [])] }
  })
  return Menu.buildFromTemplate(mac ? [{ role: 'appMenu' }, ...menus, { role: 'windowMenu' }] : menus)
}

function items(
  command: Command & { id: CommandId },
  choose: (command: CommandId) => void,
): MenuItemConstructorOptions[] {
  const item: MenuItemConstructorOptions = {
    id: command.id,
    label: command.title,
    click: () => choose(command.id),
    ...accelerator(command.key),
  }
  return command.group ? [separator, item] : [item]
}

/** macOS cannot show a key without taking it, and one without Command would be taken from text fields. */
function accelerator(key: string | undefined): MenuItemConstructorOptions {
  if (key === undefined || (mac && !key.includes('CmdOrCtrl'))) return {}
  return { accelerator: key, registerAccelerator: false }
}
