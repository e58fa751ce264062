// `anywhere serve`: the studio in a browser. For a machine without a screen, or one whose screen is elsewhere.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { UserError, reason } from '../media/errors'
import { assertWritable } from '../media/partials'
import { windowFolder } from '../media/resources'
import { startServer } from '../serve/server'
import { forkEngine } from '../studio/fork-engine'
import { serveHome } from '../studio/homes'
import { openStudio } from '../studio/studio'
import { defineCommand } from './command'
import { integer, otherwise, outputFolder, text } from './flags'

export const serve = defineCommand({
  flags: {
    port: otherwise(integer(0, 65535, 'port to listen on; 0 takes any that is free'), 7420),
    host: otherwise(text('ADDRESS', 'address to listen on; 0.0.0.0 lets other machines in'), '127.0.0.1'),
    home: otherwise(outputFolder('folder of the library, the projects and the queue'), serveHome()),
  },
  examples: [
    'anywhere serve',
    'anywhere serve --port 8000 --home /data/studio',
    'ssh -L 7420:127.0.0.1:7420 gpu-box anywhere serve     then open the printed address here',
  ],
  async run({ port, host, home }, terminal) {
    const stop = terminal.stopSignal()
    buildWindow()
    assertWritable(path.join(home, 'probe'))
    const listening: { tell?: Awaited<ReturnType<typeof startServer>>['tell'] } = {}
    const studio = await openStudio({
      home: path.resolve(home),
      spawnEngine: forkEngine,
      host: 'browser',
      dialogs: {
        choose: () => Promise.resolve(null), // the window asks for a typed path instead
        reveal: () => Promise.reject(new UserError('a browser cannot open folders; the path is shown in Settings')),
      },
      onEvent: (event) => listening.tell?.(event),
    })
    try {
      const server = await startServer(studio, { host, port }).catch((error: unknown) => {
        throw new UserError(`cannot listen on ${host}:${port}: ${reason(error)}; try another --port`)
      })
      listening.tell = (event) => server.tell(event)
      terminal.say(`the studio is at ${server.url}`, { type: 'serving', url: server.url })
      terminal.note('whoever has this address may use the studio; Ctrl+C ends it')
      await new Promise((resolve) => stop.addEventListener('abort', resolve))
      await server.close()
    } finally {
      await studio.close()
    }
  },
})

/** In a checkout the window is built first, when it is not up to date. */
function buildWindow(): void {
  const script = path.resolve(windowFolder, '../../scripts/build.mjs')
  const { status } = spawnSync(process.execPath, [script], { stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new UserError('the window could not be built (above); run "npm ci" and try again')
}
