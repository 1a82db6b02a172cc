import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const compress = promisify(gzip)

/** Writes name.gz beside every asset worth it; src/web.ts serves that file to browsers that take gzip. */
const precompressed = (): Plugin => ({
  name: 'precompressed',
  apply: 'build',
  async writeBundle({ dir }, bundle) {
    if (!dir) return
    for (const name of Object.keys(bundle)) {
      if (!/\.(js|css|svg|ttf|json)$/.test(name)) continue
      const content = await readFile(join(dir, name))
      if (content.length < 1024) continue
      await writeFile(join(dir, `${name}.gz`), await compress(content, { level: constants.Z_BEST_COMPRESSION }))
    }
  },
})

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), precompressed()],
  worker: { format: 'es' },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Nothing inlined: the content security policy allows scripts, fonts and images of our own server only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 8000,
    reportCompressedSize: false,
    rolldownOptions: {
      // GraphiQL's hints to the React compiler: nothing to act on.
      onwarn: (warning, warn) => warning.code !== 'MODULE_LEVEL_DIRECTIVE' && warn(warning),
    },
  },
})
