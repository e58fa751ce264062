// The house's rule of who may call whom (never upward, no circles), checked in `npm test`.
const only = (name, from, to) => ({
  name,
  severity: 'error',
  comment: `${from} may import only: ${to.join(', ')}`,
  from: { path: `^main/${from}/`, pathNot: '\\.test\\.ts$' },
  to: { path: '^(main|renderer|test)/', pathNot: [from, ...to].map((folder) => `^main/${folder}/`) },
})
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphan-test-import', severity: 'error', from: { pathNot: '\\.test\\.ts$|^test/' }, to: { path: '\\.test\\.ts$|^test/' } },
    only('motion-is-pure', 'motion', []),
    only('media-is-a-leaf', 'media', []),
    only('engine-below-studio', 'engine', ['motion', 'media']),
    only('studio-above-engine', 'studio', ['engine', 'media', 'motion']),
    only('cli-on-top', 'cli', ['api', 'studio', 'engine', 'media', 'motion']),
  ],
  options: { tsConfig: { fileName: 'tsconfig.json' }, doNotFollow: { path: 'node_modules' }, tsPreCompilationDeps: true },
}
