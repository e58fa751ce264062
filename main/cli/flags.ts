// The kinds of value a flag can have. Each is checked while the command line is read, so that a command starts only with
// values that make sense, and says in one line what is wrong with those that do not.
import path from 'node:path'
import { UserError } from '../media/errors'
import { statOf } from '../media/files'
import { assertWritable } from '../media/partials'

/** A flag or positional argument whose value is a `T`; `undefined` is among them unless it is required or has a fallback. */
export interface Flag<T> {
  readonly help: string
  /** What stands for the value in the help; a switch has none. */
  readonly placeholder?: string
  readonly parse: (text: string) => T
  readonly required?: boolean
  readonly fallback?: T
}

/** A flag that must be given. */
export function required<T>(flag: Flag<T | undefined>): Flag<T> {
  return { ...flag, required: true } as Flag<T>
}

/** A flag that is `fallback` when it is not given; the help says so. */
export function otherwise<T>(flag: Flag<T | undefined>, fallback: T): Flag<T> {
  return { ...flag, fallback } as Flag<T>
}

/** On when given. */
export function toggle(help: string): Flag<boolean> {
  return { help, parse: () => true, fallback: false }
}

/** Any text. */
export function text(placeholder: string, help: string): Flag<string | undefined> {
  return { placeholder, help, parse: (value) => value }
}

/** One of a few words. */
export function choice<const T extends string>(options: readonly T[], help: string): Flag<T | undefined> {
  const isOption = (value: string): value is T => (options as readonly string[]).includes(value)
  const shown = options.join('|')
  const short = shown.length <= 40
  return {
    placeholder: short ? shown : 'WORD',
    help: short ? help : `${help}: ${options.join(', ')}`,
    parse: (value) => {
      if (!isOption(value)) throw new UserError(`"${value}" is not one of ${options.join(', ')}`)
      return value
    },
  }
}

/** A number from `least` to `most`. */
export function number(least: number, most: number, help: string): Flag<number | undefined> {
  return {
    placeholder: 'X',
    help,
    parse: (value) => {
      const parsed = value.trim() === '' ? NaN : Number(value)
      if (!(parsed >= least && parsed <= most))
        throw new UserError(`"${value}" is not a number from ${least} to ${most}`)
      return parsed
    },
  }
}

/** A whole number from `least` to `most`. */
export function integer(least: number, most: number, help: string): Flag<number | undefined> {
  return {
    placeholder: 'N',
    help,
    parse: (value) => {
      const parsed = /^[+-]?\d+$/.test(value) ? Number(value) : NaN
      if (!(parsed >= least && parsed <= most)) {
        throw new UserError(`"${value}" is not a whole number from ${least} to ${most}`)
      }
      return parsed
    },
  }
}

/** Whole numbers from `least` to `most`, all different: '2,4,8'. */
export function integers(least: number, most: number, help: string): Flag<readonly number[] | undefined> {
  const one = integer(least, most, help)
  return {
    placeholder: 'N,...',
    help,
    parse: (value) => [...new Set(value.split(',').map((part) => one.parse(part)!))],
  }
}

/** The seed of everything random; the same seed and settings give the same result. */
export function seed(): Flag<number> {
  return otherwise(integer(0, 2 ** 32 - 1, 'seed of everything random'), 0)
}

const leastSide = 64
const mostSide = 4096

/** A picture size in pixels, 'WxH'. */
export function size(help: string): Flag<{ width: number; height: number } | undefined> {
  return {
    placeholder: 'WxH',
    help,
    parse: (value) => {
      const match = /^(\d+)[x×](\d+)$/i.exec(value)
      if (!match) throw new UserError(`"${value}" is not a size; write it as 1280x720`)
      const [width, height] = [Number(match[1]), Number(match[2])]
      if (Math.min(width, height) < leastSide || Math.max(width, height) > mostSide) {
        throw new UserError(`${value} is out of range; each side is from ${leastSide} to ${mostSide} pixels`)
      }
      return { width, height }
    },
  }
}

/** A file that is there. */
export function existingFile(placeholder: string, help: string): Flag<string | undefined> {
  return { placeholder, help, parse: (value) => existing(value, 'file') }
}

/** A folder that is there. */
export function existingFolder(placeholder: string, help: string): Flag<string | undefined> {
  return { placeholder, help, parse: (value) => existing(value, 'folder') }
}

/** A file or folder that is there. */
export function existingPath(placeholder: string, help: string): Flag<string | undefined> {
  return { placeholder, help, parse: (value) => existing(value, 'file or folder') }
}

/** A file to write, ending in one of `extensions` ('.mp4'); that it can be written is known before the command starts. */
export function outputFile(extensions: readonly string[], help: string): Flag<string | undefined> {
  return {
    placeholder: `FILE${extensions[0]}`,
    help,
    parse: (value) => {
      if (!extensions.includes(path.extname(value).toLowerCase())) {
        throw new UserError(`"${value}" must end in ${extensions.join(' or ')}`)
      }
      assertWritable(value)
      return value
    },
  }
}

/** A folder to fill, which need not exist yet; that files can be written in it is known before the command starts. */
export function outputFolder(help: string): Flag<string | undefined> {
  return {
    placeholder: 'DIR',
    help,
    parse: (value) => {
      if (statOf(value)?.isFile()) throw new UserError(`"${value}" is a file, not a folder`)
      assertWritable(path.join(value, 'probe'))
      return value
    },
  }
}

function existing(value: string, kind: 'file' | 'folder' | 'file or folder'): string {
  const stat = statOf(value)
  if (!stat) throw new UserError(`${kind} "${value}" does not exist`)
  if (kind === 'file' && stat.isDirectory()) throw new UserError(`"${value}" is a folder, not a file`)
  if (kind === 'folder' && !stat.isDirectory()) throw new UserError(`"${value}" is a file, not a folder`)
  return value
}
