// What no page may do, whichever it is and however it came to be: go elsewhere, open windows, ask for permissions, reach a network.
import { app, session } from 'electron'
import { isStudioUrl } from './origin'

/** For every page of the app, from its beginning. */
export function guardApp(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
    contents.on('will-navigate', (event) => event.preventDefault())
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-frame-navigate', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
  })
}

/** For the session of the window. Call when the app is ready. */
export function guardSession(): void {
  const { defaultSession } = session
  // Only copying a text (the doctor's report), and only for the studio's own page.
  const allowed = 'clipboard-sanitized-write'
  defaultSession.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
    answer(permission === allowed && isStudioUrl(requestingUrl)),
  )
  defaultSession.setPermissionCheckHandler(
    (_contents, permission, origin) => (permission as string) === allowed && isStudioUrl(origin),
  )
  defaultSession.setDevicePermissionHandler(() => false)
  defaultSession.on('will-download', (event) => event.preventDefault())
  defaultSession.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isHarmless(url) }))
}

/** The studio's own, what the page itself has made, and the developer's tools. */
function isHarmless(url: string): boolean {
  return isStudioUrl(url) || /^(blob:anywhere:\/\/studio\/|data:|devtools:)/.test(url)
}
