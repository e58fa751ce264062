// The house's rule of who may call whom: never upward, no circles, one door to each foreign library. Part of `npm test`.
const notTests = '\\.test\\.ts$'

const layer = (folder, ...below) => ({
  name: `layer-${folder}`,
  severity: 'error',
  comment: `main/${folder} may import of the house only: ${below.join(', ') || 'nothing'}`,
  from: { path: `^main/${folder}/`, pathNot: notTests },
  to: { path: '^(main|renderer|test)/', pathNot: [folder, ...below].map((name) => `^main/${name}/`) },
})

/** `module` may be imported under `place` only. */
const door = (module, place, comment) => ({
  name: `door-${module}`,
  severity: 'error',
  comment,
  from: { pathNot: [place, '\\.test\\.ts$', '^(test|scripts)/'] },
  to: { path: `^node_modules/${module}/|^${module}$` },
})

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-tests-in-the-product',
      severity: 'error',
      from: { pathNot: '\\.test\\.ts$|^test/' },
      to: { path: '\\.test\\.ts$|^test/' },
    },
    {
      name: 'nothing-missing',
      severity: 'error',
      comment: 'every import is found, and every package is listed in package.json',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'motion-runs-anywhere',
      severity: 'error',
      comment: 'the window uses main/motion as well: nothing of Node in it',
      from: { path: '^main/motion/', pathNot: notTests },
      to: { dependencyTypes: ['core'] },
    },
    layer('motion'),
    layer('api', 'motion'),
    layer('media', 'motion'),
    layer('engine', 'motion', 'media'),
    layer('studio', 'api', 'engine', 'media', 'motion'),
    layer('shell', 'api', 'studio'),
    layer('serve', 'api', 'studio'),
    layer('cli', 'api', 'studio', 'engine', 'media', 'motion', 'serve'),
    {
      name: 'layer-renderer',
      severity: 'error',
      comment: 'a window knows the contract and the motion domain, nothing else',
      from: { path: '^renderer/', pathNot: notTests },
      to: { path: '^main/', pathNot: ['^main/api/', '^main/motion/'] },
    },
    {
      name: 'editor-has-no-skin',
      severity: 'error',
      comment: 'the editor core runs and is tested without a window',
      from: { path: '^renderer/editor/' },
      to: { path: '^renderer/(app|panels|ui)/|^node_modules/(react|react-dom|radix-ui)/' },
    },
    door(
      'onnxruntime-node',
      '^main/engine/backends/onnx/|^main/cli/doctor', // doctor reads its version, no more
      'its version is pinned and its quirks are known in one place',
    ),
    door('sharp', '^main/media/', 'pictures come in through main/media'),
    door('commander', '^main/cli/', 'only the command line parses flags'),
    door('tinypool', '^main/engine/synth/makers', 'threads are for footage alone'),
    door('libsql', '^main/studio/', 'one database, behind the studio'),
    door('electron', '^main/(shell/|index\\.ts|preload\\.ts)', 'everything but the shell runs in plain Node'),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
}
