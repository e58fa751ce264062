// What a command of `anywhere` is: a record of its flags and the function that runs with their values. Adding one is a
// file with such a record and a line in the catalogue (index.ts); parsing, help and errors follow from the record.
import { type Command, type CommanderError, Option } from 'commander'
import { UserError, reason } from '../media/errors'
import type { Flag } from './flags'
import type { Terminal } from './terminal'

type Flags = Readonly<Record<string, Flag<unknown>>>
/** Flag names in camelCase to the values' types. */
export type Values<F extends Flags> = { readonly [K in keyof F]: F[K] extends Flag<infer T> ? T : never }

export interface Definition<A extends Flags, F extends Flags> {
  /** Positional arguments, in order. */
  readonly positionals?: A
  /** Flags by their name in camelCase: `learningRate` is `--learning-rate`. */
  readonly flags: F
  /** Whole command lines, shown in the help. */
  readonly examples: readonly string[]
  readonly run: (values: Values<A & F>, terminal: Terminal) => Promise<void>
}

/** A command whose flag types have been forgotten, for those who only attach it. */
export interface AnyCommand {
  attach(command: Command, run: (work: (terminal: Terminal) => Promise<void>) => Promise<void>): void
}

/** Makes a command from its record; the types of the values passed to `run` follow from the flags. */
export function defineCommand<const F extends Flags, const A extends Flags = Record<never, never>>(
  definition: Definition<A, F>,
): AnyCommand {
  const { flags, examples } = definition
  const positionals: Flags = definition.positionals ?? {}
  return {
    attach(command, run) {
      for (const [name, flag] of Object.entries(positionals)) {
        const shown = flag.placeholder ?? name
        command.argument(flag.required ? `<${shown}>` : `[${shown}]`, flag.help, (value) => parse(flag, shown, value))
      }
      for (const [name, flag] of Object.entries(flags)) command.addOption(optionOf(name, flag))
      command.addHelpText('after', `\nExamples:\n${examples.map((example) => `  ${example}`).join('\n')}`)
      command.action(async () => {
        // Commander would ask for these before it looks at unknown flags, and so hide a misspelt one.
        const options = command.opts<Record<string, unknown>>()
        const missing = Object.keys(flags).filter((name) => flags[name]!.required && options[name] === undefined)
        if (missing.length > 0) {
          const shown = missing.map((name) => optionOf(name, flags[name]!).flags).join(', ')
          throw new UserError(`missing ${shown}; see "anywhere ${command.name()} --help"`)
        }
        const given = Object.fromEntries(
          Object.keys(positionals).map((name, index) => [name, command.processedArgs[index] as unknown]),
        )
        await run((terminal) => definition.run({ ...options, ...given } as Values<A & F>, terminal))
      })
    },
  }
}

function optionOf(name: string, flag: Flag<unknown>): Option {
  const long = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  const help = flag.required ? `${flag.help} (required)` : flag.help
  const option = new Option(flag.placeholder ? `${long} <${flag.placeholder}>` : long, help)
  if (flag.placeholder) option.argParser((value) => parse(flag, long, value))
  if (flag.fallback !== undefined) {
    const { fallback } = flag
    option.default(fallback, flag.placeholder && typeof fallback !== 'object' ? String(fallback) : undefined)
  }
  return option
}

function parse(flag: Flag<unknown>, name: string, value: string): unknown {
  try {
    return flag.parse(value)
  } catch (error) {
    throw new UserError(`${name}: ${reason(error)}`)
  }
}

/** One line from the several in which commander says what is wrong with a command line. */
export function explain(error: CommanderError, command: string | undefined): string {
  const said = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')
  return `${said}; see "anywhere ${command ? `${command} ` : ''}--help"`
}
