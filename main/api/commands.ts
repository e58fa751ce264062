// Every command of the window, once: its title, its place in the menu, its key. The native menu, the shortcut sheet and the
// window's key handling are all made from this table.

export interface Command {
  readonly id: string
  readonly title: string
  readonly menu: 'File' | 'Edit' | 'View' | 'Play' | 'Queue' | 'Help'
  /** Electron's accelerator syntax; 'CmdOrCtrl' is Ctrl in the window's own handling except on macOS. */
  readonly key?: string
  /** Begins a new group in its menu. */
  readonly group?: true
}

export const commands = [
  { id: 'project.new', title: 'New project', menu: 'File', key: 'CmdOrCtrl+N' },
  { id: 'project.open', title: 'Open project…', menu: 'File', key: 'CmdOrCtrl+O' },
  { id: 'project.sample', title: 'Open the sample project', menu: 'File' },
  { id: 'project.save', title: 'Save project', menu: 'File', key: 'CmdOrCtrl+S', group: true },
  { id: 'project.saveAs', title: 'Save project as…', menu: 'File', key: 'CmdOrCtrl+Shift+S' },
  { id: 'library.import', title: 'Import files…', menu: 'File', key: 'CmdOrCtrl+I', group: true },
  { id: 'clips.export', title: 'Export…', menu: 'File', key: 'CmdOrCtrl+E' },
  { id: 'app.settings', title: 'Settings…', menu: 'File', key: 'CmdOrCtrl+,', group: true },

  { id: 'edit.undo', title: 'Undo', menu: 'Edit', key: 'CmdOrCtrl+Z' },
  { id: 'edit.redo', title: 'Redo', menu: 'Edit', key: 'CmdOrCtrl+Shift+Z' },
  { id: 'edit.selectAll', title: 'Select all', menu: 'Edit', key: 'CmdOrCtrl+A', group: true },
  { id: 'edit.selectNone', title: 'Select none', menu: 'Edit', key: 'Escape' },
  { id: 'edit.delete', title: 'Delete', menu: 'Edit', key: 'Delete' },
  { id: 'edit.star', title: 'Star', menu: 'Edit', key: 'S' },
  { id: 'library.search', title: 'Search the library', menu: 'Edit', key: 'CmdOrCtrl+F' },

  { id: 'view.animate', title: 'Animate', menu: 'View', key: 'CmdOrCtrl+1' },
  { id: 'view.gallery', title: 'Gallery', menu: 'View', key: 'CmdOrCtrl+2' },
  { id: 'view.train', title: 'Train', menu: 'View', key: 'CmdOrCtrl+3' },
  { id: 'view.camera', title: 'Camera view', menu: 'View', key: 'C', group: true },
  { id: 'view.orbit', title: 'Orbit view', menu: 'View', key: 'O' },
  { id: 'view.compare', title: 'Compare two clips', menu: 'View', key: 'W' },

  { id: 'play.toggle', title: 'Play or pause', menu: 'Play', key: 'Space' },
  { id: 'play.previous', title: 'Previous frame', menu: 'Play', key: 'Left' },
  { id: 'play.next', title: 'Next frame', menu: 'Play', key: 'Right' },
  { id: 'play.first', title: 'First frame', menu: 'Play', key: 'Shift+Left' },
  { id: 'play.last', title: 'Last frame', menu: 'Play', key: 'Shift+Right' },
  { id: 'play.loop', title: 'Loop', menu: 'Play', key: 'L' },

  { id: 'queue.render', title: 'Render', menu: 'Queue', key: 'CmdOrCtrl+Return' },
  { id: 'queue.toggle', title: 'Pause or resume the queue', menu: 'Queue', key: 'CmdOrCtrl+P' },
  { id: 'queue.clear', title: 'Clear finished jobs', menu: 'Queue' },

  { id: 'help.shortcuts', title: 'Keyboard shortcuts', menu: 'Help', key: 'Shift+/' },
  { id: 'help.doctor', title: 'Doctor report', menu: 'Help' },
] as const satisfies readonly Command[]

export type CommandId = (typeof commands)[number]['id']
