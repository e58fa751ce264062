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
    layer('media'),
    layer('engine', 'motion', 'media'),
    layer('studio', 'engine', 'media', 'motion'),
    layer('cli', 'api', 'studio', 'engine', 'media', 'motion'),
    door(
      'onnxruntime-node',
      '^main/engine/backends/onnx/|^main/cli/doctor', // doctor reads its version, no more
      'its version is pinned and its quirks are known in one place',
    ),
    door('sharp', '^main/media/', 'pictures come in through main/media'),
    door('commander', '^main/cli/', 'only the command line parses flags'),
    door('electron', '^main/shell/', 'everything but the shell runs in plain Node'),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
  },
}
