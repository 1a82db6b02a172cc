import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import express, { type Response, type Router } from 'express'

/** The folder of package.json, whether this runs as a source or compiled somewhere below dist/. */
function projectRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).name === 'alongside') return folder
    if (folder === dirname(folder)) throw new Error('No package.json of alongside above this file')
  }
}

const ROOT = projectRoot()
const SOURCES = join(ROOT, 'web')
const BUILT = join(ROOT, 'dist', 'web')
const PAGE = 'index.html'
/** One HTML for all of them: its script looks at the address. */
const PAGES = ['/', '/dashboard']
const VITE_MISSING = 3

// Monaco writes style elements; everything else comes from files of this server.
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

function secure(response: Response): void {
  response.set({
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
  })
}

let assets: ReadonlySet<string> | undefined

/** The files there are, read once: nothing outside this list is ever served. */
function builtAssets(): ReadonlySet<string> {
  if (!assets && existsSync(join(BUILT, PAGE))) assets = new Set(readdirSync(join(BUILT, 'assets')))
  return assets ?? new Set()
}

/** Serves the built pages: the HTML is always asked for anew, its hashed assets are kept for good. */
export function webHandler(): Router {
  const router = express.Router()
  router.get(PAGES, (_request, response) => {
    secure(response)
    if (!existsSync(join(BUILT, PAGE))) {
      response.status(503).type('text').send('The web pages are not built: npm run build')
      return
    }
    response.set('Cache-Control', 'no-cache').sendFile(PAGE, { root: BUILT, cacheControl: false })
  })
  router.get('/assets/:name', (request, response, next) => {
    const { name } = request.params
    const files = builtAssets()
    if (!files.has(name) || name.endsWith('.gz')) return next()
    secure(response)
    response.type(extname(name)).vary('Accept-Encoding')
    const compressed = files.has(`${name}.gz`) && request.acceptsEncodings('gzip') === 'gzip'
    if (compressed) response.set('Content-Encoding', 'gzip')
    response.sendFile(compressed ? `${name}.gz` : name, {
      root: join(BUILT, 'assets'),
      immutable: true,
      maxAge: '365d',
      acceptRanges: false,
    })
  })
  return router
}

async function modified(file: string): Promise<number> {
  try {
    return (await stat(file)).mtimeMs
  } catch {
    return 0
  }
}

async function newestSource(): Promise<number> {
  const entries = await readdir(SOURCES, { recursive: true, withFileTypes: true })
  const times = entries.filter((entry) => entry.isFile()).map((entry) => modified(join(entry.parentPath, entry.name)))
  return Math.max(0, ...(await Promise.all(times)))
}

function runBuild(outDir: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NODE_ENV: 'production' }
    const child = spawn(process.execPath, [join(SOURCES, 'build.js'), outDir], { cwd: ROOT, env, stdio: 'pipe' })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

/** Puts a finished build in place of the last one, so that no process ever serves half of one. */
async function replaceBuilt(fresh: string, startedAt: number): Promise<void> {
  // A source that is saved while the build runs is newer than the build.
  await utimes(join(fresh, PAGE), new Date(startedAt), new Date(startedAt))
  const old = `${fresh}.old`
  await rename(BUILT, old).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  await rename(fresh, BUILT).catch((error: NodeJS.ErrnoException) => {
    // Another process has built the same sources in the meantime.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
  })
  await rm(old, { recursive: true, force: true })
  assets = undefined
}

/**
 * Builds web/ when dist/web is missing or older than a file of web/. An installation without the development
 * dependencies keeps what was built.
 */
export async function buildWebIfStale(onProgress: (message: string) => void = () => {}): Promise<void> {
  const builtAt = await modified(join(BUILT, PAGE))
  if (!existsSync(SOURCES)) {
    if (builtAt) return
    throw new Error('There is neither dist/web nor web/ to build it from')
  }
  if (builtAt >= (await newestSource())) return

  const startedAt = Date.now()
  onProgress('Building the web pages')
  const fresh = join(ROOT, 'dist', `.web-${process.pid}-${startedAt}`)
  try {
    const { code, output } = await runBuild(fresh)
    if (code === VITE_MISSING && builtAt) {
      onProgress('Serving the web pages as they were built: Vite is not installed')
      return
    }
    if (code === VITE_MISSING) throw new Error('The web pages are not built and Vite is not installed: npm ci')
    if (code !== 0) throw new Error(`Building the web pages failed:\n${output.trim()}`)
    await replaceBuilt(fresh, startedAt)
    onProgress(`Built the web pages in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}
