// Name of the app and the project at the left, workspaces in the middle, Export and the one amber button at the right.
import { useEffect, useState } from 'react'
import { ChevronDown } from 'lucide-react'
import { commands } from '../../main/api'
import type { Command, CommandId, RecentProject } from '../../main/api'
import { Button, Menu, Tabs, TextField, Tooltip } from '../ui'
import type { MenuItem } from '../ui'
import { openRecentProject, renameProject } from './actions/project'
import { call } from './client'
import { canRun, run } from './commands'
import { FirstHint } from './FirstHint'
import { useProject } from './stores/project'
import { complain, useUi } from './stores/ui'
import css from './app.module.css'

const byId = new Map<CommandId, Command>(commands.map((command) => [command.id, command]))

/** A menu item of a command, with its title and key. */
function item(id: CommandId, more: Partial<MenuItem> = {}): MenuItem {
  const { title, key } = byId.get(id)!
  return { label: title, shortcut: key, disabled: !canRun(id), run: () => void run(id), ...more }
}

export function TopBar() {
  const workspace = useUi((state) => state.workspace)
  return (
    <header className={css.topBar}>
      <div className={css.topLeft}>
        <h1 className={css.brand}>
          Animate<b>Anywhere</b>
        </h1>
        <ProjectName />
      </div>
      <Tabs
        label="Workspace"
        look="pill"
        panel="workspace"
        value={workspace}
        onChange={(next) => useUi.setState({ workspace: next })}
        tabs={[
          { value: 'animate', label: 'Animate' },
          { value: 'gallery', label: 'Gallery' },
          { value: 'train', label: 'Train' },
        ]}
      />
      <div className={css.topRight}>
        <FirstHint />
        <Button variant="quiet" onClick={() => run('clips.export')}>
          Export
        </Button>
        <Tooltip text="Render what is chosen" shortcut={byId.get('queue.render')?.key}>
          <Button variant="primary" onClick={() => run('queue.render')}>
            Render
          </Button>
        </Tooltip>
      </div>
    </header>
  )
}

function ProjectName() {
  const project = useProject((state) => state.project)
  const undoLabel = useProject((state) => state.undoLabel)
  const redoLabel = useProject((state) => state.redoLabel)
  const [recent, setRecent] = useState<readonly RecentProject[]>([])
  const [name, setName] = useState<string>()
  const path = project?.path
  useEffect(() => {
    call('project.recent').then(setRecent).catch(complain)
  }, [project?.id, path])
  if (!project) return null

  if (name !== undefined)
    return (
      <TextField
        className={css.nameField}
        label="Project name"
        autoFocus
        maxLength={120}
        value={name}
        onChange={setName}
        onFocus={(event) => event.target.select()}
        onBlur={() => {
          renameProject(name)
          setName(undefined)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur()
          if (event.key === 'Escape') setName(undefined)
        }}
      />
    )
  const items = [
    item('project.new'),
    item('project.open'),
    ...recent
      .filter(({ id }) => id !== project.id)
      .slice(0, 5)
      .map((one) => ({ label: `Open ${one.name}`, run: () => openRecentProject(one.id) })),
    item('project.sample'),
    { label: 'Rename project', run: () => setName(project.document.name), group: true },
    item('project.save'),
    item('project.saveAs'),
    item('edit.undo', { label: undoLabel ? `Undo ${undoLabel}` : 'Undo', disabled: !undoLabel, group: true }),
    item('edit.redo', { label: redoLabel ? `Redo ${redoLabel}` : 'Redo', disabled: !redoLabel }),
    item('library.import', { group: true }),
    item('app.settings', { group: true }),
    item('help.shortcuts'),
    item('help.doctor'),
  ]
  return (
    <Menu items={items}>
      <button type="button" className={css.projectName}>
        <span className="visually-hidden">Project </span>
        <span className={css.fileName}>{path ? fileName(path) : project.document.name}</span>
        {path && project.changed && <span className={css.changed} title="Changed since it was saved" />}
        <ChevronDown size={14} aria-hidden />
      </button>
    </Menu>
  )
}

const fileName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path
