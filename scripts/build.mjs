// `npm run build`: the window (vite) into dist/renderer, and the app's own processes (esbuild) into dist/main, as CommonJS for
// Electron's Node. Does nothing when dist is already made of what lies here now. Plain JavaScript, as set-up before it.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const dist = path.join(root, 'dist')
const making = path.join(root, `dist.${process.pid}.partial`)
const stamp = path.join(dist, 'made-of')

/** Packages that cannot be bundled: native code, and those that find their own files beside them. */
const external = [
  'electron',
  'onnxruntime-node',
  'sharp',
  'libsql',
  'ffmpeg-static',
  '@ffmpeg-installer/*',
  '@mediapipe/*',
]

/** Each process of the app: its source, its bundle. */
const bundles = {
  'main/index.ts': 'index.cjs',
  'main/preload.ts': 'preload.cjs',
  'main/engine/process.ts': 'engine.cjs',
}

/** A hash of everything that the build reads of this project. */
function sources() {
  const hash = createHash('sha256')
  const add = (file) => hash.update(`${file}\0`).update(fs.readFileSync(path.join(root, file)))
  for (const folder of ['main', 'renderer'])
    for (const entry of fs.readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && !entry.name.endsWith('.test.ts'))
        add(path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)))
    }
  for (const file of ['package-lock.json', 'tsconfig.json', 'vite.config.ts', 'scripts/build.mjs']) add(file)
  return hash.digest('hex')
}

const madeOf = () => (fs.existsSync(stamp) ? fs.readFileSync(stamp, 'utf8') : undefined)

async function bundle() {
  const esbuild = await import('esbuild')
  await Promise.all(
    Object.entries(bundles).map(([source, made]) =>
      esbuild.build({
        entryPoints: [path.join(root, source)],
        outfile: path.join(making, 'main', made),
        bundle: true,
        platform: 'node',
        format: 'cjs',
        target: 'node18',
        external,
        define: { 'import.meta.url': 'bundleUrl' },
        // A preload script in a sandbox has no file URLs, and no need of its own.
        banner: made === 'preload.cjs' ? {} : { js: "const bundleUrl = require('url').pathToFileURL(__filename).href" },
        legalComments: 'external',
        sourcemap: 'linked',
        logLevel: 'warning',
      }),
    ),
  )
}

async function buildWindow() {
  const vite = await import('vite')
  await vite.build({
    configFile: path.join(root, 'vite.config.ts'),
    root: path.join(root, 'renderer'),
    logLevel: 'warn',
    build: { outDir: path.join(making, 'renderer') },
  })
}

const wanted = sources()
if (madeOf() === wanted) {
  console.log('build: up to date')
} else {
  const started = Date.now()
  try {
    await Promise.all([bundle(), buildWindow()])
    fs.writeFileSync(path.join(making, 'made-of'), wanted)
    // The old one steps aside whole, and the new one takes its place whole: an app that starts meanwhile sees one of them.
    const old = `${making}.old`
    if (fs.existsSync(dist)) fs.renameSync(dist, old)
    fs.renameSync(making, dist)
    fs.rmSync(old, { recursive: true, force: true })
  } finally {
    fs.rmSync(making, { recursive: true, force: true })
  }
  console.log(`build: done in ${((Date.now() - started) / 1000).toFixed(1)} s`)
}
