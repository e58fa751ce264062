// `npm run retrain`: the bundled model from nothing. `-- --brief` takes minutes instead of hours, `-- --folder DIR` keeps the stages
// elsewhere. Started again, it goes on where it was stopped. Data, stages and seeds are in main/engine/training/recipe.ts.
import { copyFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { Terminal } from '../main/cli/terminal'
import { ClipMakers } from '../main/engine/synth/makers'
import { MadeClips } from '../main/engine/training/made-clips'
import { briefRecipe, followRecipe, fullRecipe } from '../main/engine/training/recipe'

const { values } = parseArgs({ options: { brief: { type: 'boolean' }, folder: { type: 'string' } } })
const folder = path.resolve(values.folder ?? (values.brief ? 'training/brief' : 'training/full'))
mkdirSync(folder, { recursive: true })
const terminal = new Terminal(false)
const makers = new ClipMakers()
const last = await followRecipe({
  ...{ folder, recipe: values.brief ? briefRecipe : fullRecipe },
  ...{ made: new MadeClips({ makers }), signal: terminal.stopSignal() },
  onStep: (stage, { step, of, losses, norm }) => {
    terminal.progress({ stage, step, of, ...losses, norm })
  },
}).finally(() => makers.close())
const model = path.join(folder, 'mini.safetensors')
copyFileSync(last, model)
terminal.result(
  { out: model },
  `${model}: try it with  npx anywhere evaluate --model ${model} --clips 200 --out report.json`,
)
