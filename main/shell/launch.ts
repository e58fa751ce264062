// What the command line and the environment say at the start.
import path from 'node:path'

/** The folder of everything that the studio keeps: `--home=DIR`, ANYWHERE_HOME, or the system's place for this app. */
export function homeFolder(argv: readonly string[], env: NodeJS.ProcessEnv, usual: string): string {
  const flag = argv.find((word) => word.startsWith('--home='))?.slice('--home='.length)
  return path.resolve(flag || env.ANYWHERE_HOME || usual)
}

/** The project file among the words of a command line, as an absolute path. */
export function projectFile(argv: readonly string[], cwd: string): string | undefined {
  const word = argv.slice(1).find((word) => !word.startsWith('-') && word.toLowerCase().endsWith('.anywhere'))
  return word === undefined ? undefined : path.resolve(cwd, word)
}
