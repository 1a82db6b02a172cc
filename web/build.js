// Builds the web pages into the folder given; src/web.ts runs it as a process of its own, so that neither Vite's memory
// nor the NODE_ENV it needs reaches the server. Ends with 3 when Vite is not installed.
import { fileURLToPath } from 'node:url'

const outDir = process.argv[2]
let vite
try {
  vite = await import('vite')
} catch (error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error
  process.exit(3)
}
await vite.build({
  configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)),
  mode: 'production',
  logLevel: 'warn',
  build: outDir ? { outDir, emptyOutDir: true } : {},
})
