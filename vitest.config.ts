import { defineConfig } from 'vitest/config'

// Each file runs in its own process: onnxruntime's threads and memory are then given back with it.
export default defineConfig({
  test: {
    include: ['main/**/*.test.ts', 'renderer/**/*.test.ts', 'test/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
