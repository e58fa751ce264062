// `npm run retrain`: the bundled model from nothing. `-- --brief` takes minutes instead of hours, `-- --folder DIR` keeps the stages
// elsewhere. Started again, it goes on where it was stopped. Data, stages and seeds are in main/engine/training/recipe.ts.
import { copyFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { Interrupted, Terminal } from '../main/cli/terminal'
import { ClipMakers } from '../main/engine/synth/makers'
import { MadeClips } from '../main/engine/training/made-clips'
import { briefRecipe, followRecipe, fullRecipe } from '../main/engine/training/recipe'

const { values } = parseArgs({ options: { brief: { type: 'boolean' }, folder: { type: 'string' } } })
const folder = path.resolve(values.folder ?? (values.brief ? 'training/brief' : 'training/full'))
mkdirSync(folder, { recursive: true })
const terminal = new Terminal(false)
const stop = () => {
  if (!terminal.askToStop()) process.exit(130)
  terminal.note('stopping after this step; once more to stop at once')
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)

const makers = new ClipMakers()
try {
  const last = await followRecipe({
    ...{ folder, recipe: values.brief ? briefRecipe : fullRecipe },
    ...{ made: new MadeClips({ makers }), signal: terminal.stopSignal() },
    onStep: (stage, { step, of, losses, norm }) => {
      terminal.progress({ stage, step, of, ...losses, norm })
    },
  })
  const model = path.join(folder, 'mini.safetensors')
  copyFileSync(last, model)
  terminal.result(
    { out: model },
    `${model}: try it with  npx anywhere evaluate --model ${model} --clips 200 --out report.json`,
  )
} catch (error) {
  if (!(error instanceof Interrupted)) throw error
  terminal.note('stopped; the same command goes on from here')
  process.exitCode = 130
} finally {
  await makers.close()
}
