#!/usr/bin/env node
// The `anywhere` command from a checkout: TypeScript is translated as it is loaded.
import { existsSync } from 'node:fs'

if (!existsSync(new URL('../node_modules/tsx', import.meta.url))) {
  console.error('error: the packages are not installed; run "npm ci" in the project\'s folder first')
  process.exit(2)
}
const { register } = await import('tsx/esm/api')
register()
await import('../main/cli/index.ts')
