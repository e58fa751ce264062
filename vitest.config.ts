import { defineConfig } from 'vitest/config'

// Each file runs in its own process: onnxruntime's threads and memory are then given back with it. The tests of the window come
// last and one at a time: they are about an app that has the machine to itself.
const window = 'test/e2e/studio/**/*.test.ts'

export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      {
        test: {
          name: 'parts',
          include: ['main/**/*.test.ts', 'renderer/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [window],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'window',
          include: [window],
          globalSetup: 'test/support/build-once.ts',
          testTimeout: 300_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
