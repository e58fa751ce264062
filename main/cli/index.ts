// `anywhere`: the studio without a window. Reads the command line, loads the one command it names, and turns whatever
// happens into an exit code: 0 done, 1 a fault of ours, 2 a mistake in what was given, 130 stopped by Ctrl+C.
import { Command, CommanderError } from 'commander'
import { isUserError, reason } from '../media/errors'
import { removePartials } from '../media/partials'
import { appPackage } from '../media/resources'
import { type AnyCommand, explain } from './command'
import { Interrupted, Terminal } from './terminal'

interface Entry {
  readonly summary: string
  /** Only the named command is loaded, so that help and errors come at once. */
  readonly load: () => Promise<AnyCommand>
}

const catalogue: Readonly<Record<string, Entry>> = {
  render: {
    summary: 'make a clip of a human, a background and a motion',
    load: async () => (await import('./render')).render,
  },
  synth: {
    summary: 'make synthetic footage with everything known about it',
    load: async () => (await import('./synth')).synth,
  },
  train: {
    summary: 'train one stage of a model',
    load: async () => (await import('./train')).train,
  },
  evaluate: {
    summary: 'measure a model on clips whose truth is known',
    load: async () => (await import('./evaluate')).evaluate,
  },
  import: {
    summary: 'check a diffusers CogVideoX folder and make it known to the studio, without copying it',
    load: async () => (await import('./import')).importModel,
  },
  parity: {
    summary: 'compare this engine with reference numbers',
    load: async () => (await import('./parity')).parity,
  },
  serve: {
    summary: 'open the studio in a browser, here or on another machine',
    load: async () => (await import('./serve')).serve,
  },
  doctor: {
    summary: 'check what this machine has: ffmpeg, onnxruntime, memory, disk, the bundled model',
    load: async () => (await import('./doctor')).doctor,
  },
}

const words = process.argv.slice(2)
const terminal = new Terminal(words.includes('--json'))
const named = words.find((word) => Object.hasOwn(catalogue, word))

async function main(): Promise<void> {
  const program = new Command('anywhere')
    .description('A picture of a human, a picture of a place and a motion become a video in which the camera lives.')
    .version(appPackage().version)
    .option('--json', 'write JSON lines instead of text')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .addHelpText('after', '\nEach command has its own help with examples: anywhere COMMAND --help')
  for (const [name, { summary, load }] of Object.entries(catalogue)) {
    const command = program.command(name).description(summary).option('--json', 'write JSON lines instead of text')
    if (name === named) (await load()).attach(command, (work) => work(terminal))
  }
  if (words.length === 0) {
    program.outputHelp()
    process.exitCode = 2
    return
  }
  await program.parseAsync()
}

/** Says what went wrong, in one line, and returns the exit code for it. */
function fail(error: unknown): number {
  removePartials()
  if (error instanceof Interrupted) return 130
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0 // --help, --version
    terminal.error(explain(error, named))
    return 2
  }
  if (process.env.ANYWHERE_DEBUG) console.error(error)
  if (isUserError(error)) {
    terminal.error(error.message.replace(/\s*\n\s*/g, ' '))
    return 2
  }
  terminal.error(`${reason(error)} (a fault of this program; ANYWHERE_DEBUG=1 shows where)`)
  return 1
}

function onSignal(code: number): () => void {
  return () => {
    if (terminal.askToStop()) return terminal.note('stopping after this step; once more to stop at once')
    process.exit(code) // unfinished files are removed on the way out
  }
}

process.on('SIGINT', onSignal(130))
process.on('SIGTERM', onSignal(143))
process.on('SIGHUP', onSignal(129))
process.stdout.on('error', () => process.exit(1)) // the reader of our output has gone
process.on('uncaughtException', (error) => process.exit(fail(error)))
main().catch((error: unknown) => {
  process.exitCode = fail(error)
})
