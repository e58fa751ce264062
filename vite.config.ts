// Builds the window into dist/renderer. Chrome 114 is the oldest browser it must run in.
import { defineConfig } from 'vite'

export default defineConfig({
  root: 'renderer',
  base: './',
  esbuild: { jsx: 'automatic' },
  html: { cspNonce: 'ANYWHERE_NONCE' }, // a fresh one takes its place each time the page is served (main/studio/web)
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome114',
    assetsInlineLimit: 0, // the content security policy allows no data: fonts or scripts
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      // 'use client' and misplaced annotations of packages: nothing to act on.
      onwarn: (warning, tell) => {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE' && warning.code !== 'INVALID_ANNOTATION') tell(warning)
      },
    },
  },
})
