// The whole window: top bar, the workspace, the status bar, and what lies over them.
import { lazy, Suspense, useEffect } from 'react'
import { InspectorPanel } from '../panels/inspector'
import { LibraryPanel } from '../panels/library'
import { DoctorSheet, ShortcutsSheet } from '../panels/sheets'
import { SettingsSheet } from '../panels/settings'
import { StatusBar } from '../panels/status'
import { TooltipProvider } from '../ui'
import { useAppCommands } from './app-commands'
import { Boundary } from './Boundary'
import { DropZone } from './DropZone'
import { listenToKeys } from './keyboard'
import { Notices, RecoveredBanner } from './Notices'
import { Handle, MainPane, Panes, SidePane } from './Panes'
import { Prompts } from './Prompts'
import { TopBar } from './TopBar'
import { useSystem } from './stores/system'
import { useUi } from './stores/ui'
import css from './app.module.css'

// What the first look does not need is loaded when it is asked for.
const Viewport = lazy(async () => ({ default: (await import('../panels/viewport')).Viewport }))
const Timeline = lazy(async () => ({ default: (await import('../panels/timeline')).Timeline }))
const GalleryWorkspace = lazy(async () => ({ default: (await import('../panels/gallery')).GalleryWorkspace }))
const TrainWorkspace = lazy(async () => ({ default: (await import('../panels/training')).TrainWorkspace }))
const ClipViewer = lazy(async () => ({ default: (await import('../panels/viewer')).ClipViewer }))
const ExportSheet = lazy(async () => ({ default: (await import('../panels/export')).ExportSheet }))

export function App() {
  const ready = useSystem((state) => state.info !== undefined)
  useEffect(listenToKeys, [])
  useAppCommands()
  return (
    <TooltipProvider>
      <div className={css.window}>
        {ready && (
          <>
            <TopBar />
            <RecoveredBanner />
            <main className={css.workspace}>
              <div id="workspace" role="tabpanel" aria-label="Workspace">
                <Workspace />
              </div>
            </main>
            <StatusBar />
          </>
        )}
        <Over />
        <Notices />
        <Prompts />
        {ready && <DropZone />}
      </div>
    </TooltipProvider>
  )
}

function Workspace() {
  const workspace = useUi((state) => state.workspace)
  if (workspace === 'gallery')
    return (
      <Boundary name="gallery" key="gallery">
        <Suspense>
          <GalleryWorkspace />
        </Suspense>
      </Boundary>
    )
  if (workspace === 'train')
    return (
      <Boundary name="training" key="train">
        <Suspense>
          <TrainWorkspace />
        </Suspense>
      </Boundary>
    )
  return <AnimateWorkspace />
}

function AnimateWorkspace() {
  return (
    <Panes orientation="horizontal">
      <SidePane name="library" size={232} min={168} max={480}>
        <Boundary name="library">
          <LibraryPanel />
        </Boundary>
      </SidePane>
      <Handle label="Width of the library" />
      <MainPane name="stage" min={360}>
        <Panes orientation="vertical">
          <MainPane name="viewport" min={200}>
            <Boundary name="viewport">
              <Suspense>
                <Viewport />
              </Suspense>
            </Boundary>
          </MainPane>
          <Handle label="Height of the timeline" />
          <SidePane name="timeline" size={252} min={96} max={600}>
            <Boundary name="timeline">
              <Suspense>
                <Timeline />
              </Suspense>
            </Boundary>
          </SidePane>
        </Panes>
      </MainPane>
      <Handle label="Width of the inspector" />
      <SidePane name="inspector" size={264} min={232} max={420}>
        <Boundary name="inspector">
          <InspectorPanel />
        </Boundary>
      </SidePane>
    </Panes>
  )
}

/** Sheets and the viewer. */
function Over() {
  const sheet = useUi((state) => state.sheet)
  const viewing = useUi((state) => state.viewer.length > 0)
  return (
    <>
      <Boundary name="viewer" key={String(viewing)}>
        <Suspense>{viewing && <ClipViewer />}</Suspense>
      </Boundary>
      <Boundary name="sheet" key={sheet}>
        <Suspense>
          {sheet === 'shortcuts' && <ShortcutsSheet />}
          {sheet === 'settings' && <SettingsSheet />}
          {sheet === 'doctor' && <DoctorSheet />}
          {sheet === 'export' && <ExportSheet />}
        </Suspense>
      </Boundary>
    </>
  )
}
