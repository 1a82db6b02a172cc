import { setTimeout as sleep } from 'node:timers/promises'
import { type App, type Backends, createApp } from './app.ts'
import { ROLES, signToken } from './auth/viewer.ts'
import { type Config, ConfigError } from './config.ts'
import { startEmbedded } from './embedded/index.ts'
import { type PrepareOptions, prepare } from './prepare.ts'
import { writeRunFile } from './run-file.ts'
import { buildWebIfStale } from './web.ts'

/** A process that serves: start, hand signals on, stop. */

/** Load balancers that are told by readiness have so long to hear of it, before connections are turned away. */
const RETIRE_MS = 1_000
/** From the signal on; then it ends whatever is still under way. */
const STOP_MS = 9_500
/** Ctrl-C in a terminal reaches the process directly and again by npm and tsx: one wish, not two. */
const SAME_WISH_MS = 500
const SECOND_EXIT = { SIGINT: 130, SIGTERM: 143 } as const

export const say = (message: string) => process.stderr.write(`${message}\n`)

export type ServeOptions = {
  config: Config
  /** Where the embedded services find what Maven fetched; DATA_HOME unless told. */
  jarsHome?: string
  /** What a first start loads and trains. */
  prepared?: PrepareOptions
  /** Runs beside the service once it serves, until it is told to end. */
  beside?: (app: App, signal: AbortSignal) => Promise<void>
}

/** Ends the process: with 0 after a signal, 1 after a failure, 130 or 143 at a second signal. */
export async function serve(read: () => ServeOptions): Promise<void> {
  const stops: (() => unknown)[] = []
  const ending = new AbortController()
  const stop = async (code: number) => {
    ending.abort(new Error('The service stops.'))
    for (const end of stops.reverse()) await end()
    process.exit(code)
  }
  let since: number | null = null
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (since !== null && performance.now() - since > SAME_WISH_MS) process.exit(SECOND_EXIT[signal])
      if (since !== null) return
      since = performance.now()
      say(`${signal}: finishing what is under way. Again to end at once.`)
      void stop(0)
    })
  }
  try {
    const { config, jarsHome, prepared = {}, beside } = read()
    await buildWebIfStale(say)
    const backends = await startBackends(config, jarsHome)
    stops.push(backends.stop)
    const app = await createApp(config, backends)
    stops.push(() => stopInTime(app))
    if (config.tls) process.on('SIGHUP', () => renewCertificate(app))
    stops.push(
      writeRunFile(config.dataHome, { neo4j: backends.neo4j, redis: backends.redis, url: app.url, pid: process.pid }),
    )
    if (!config.production) await prepare(app, say, prepared)
    await announce(app, config)
    await beside?.(app, ending.signal)
  } catch (error) {
    if (since !== null) return
    say(error instanceof ConfigError ? error.message : `Alongside could not start: ${(error as Error).stack}`)
    await stop(1)
  }
}

async function startBackends(config: Config, jarsHome?: string): Promise<Backends & { stop(): Promise<void> }> {
  const { dataHome, neo4j, redis } = config
  const embedded =
    neo4j && redis
      ? null
      : await startEmbedded({
          dataHome,
          ...(jarsHome ? { jarsHome } : {}),
          neo4j: !neo4j,
          redis: !redis,
          onProgress: say,
        })
  return {
    neo4j: neo4j ?? embedded!.neo4j!,
    redis: redis ?? embedded!.redis!,
    stop: async () => embedded?.stop(),
  }
}

async function stopInTime(app: App): Promise<void> {
  const late = sleep(STOP_MS, 'late', { ref: false })
  app.retire()
  await sleep(RETIRE_MS)
  if ((await Promise.race([app.stop(), late])) === 'late') say('Something is still under way: it is broken off.')
}

function renewCertificate(app: Pick<App, 'renewCertificate'>): void {
  try {
    app.renewCertificate()
    say('SIGHUP: new connections get the certificate as it is now in TLS_CERT.')
  } catch (error) {
    say(`SIGHUP: the certificate stays as it was: ${(error as Error).message}`)
  }
}

async function announce(app: App, config: Config): Promise<void> {
  say(
    `\nAlongside serves\n  explorer  ${app.url}/\n  GraphQL   ${app.url}/graphql (HTTP and WebSocket)\n  health    ${app.url}/healthz  ${app.url}/readyz`,
  )
  if (config.production) return
  if (app.tokens.jwksUrl) {
    say('\nTokens come from your identity provider (JWKS_URL). Ctrl-C stops it.')
    return
  }
  say('\nA token per role to try (8 h):')
  for (const role of ROLES) {
    say(`  ${role.padEnd(16)}${await signToken({ role, subject: `try-${role.toLowerCase()}`, ttl: '8h' }, app.tokens)}`)
  }
  const marketer = await signToken({ role: 'MARKETER', subject: 'try-marketer', ttl: '8h' }, app.tokens)
  say(`\nOpen the explorer signed in as MARKETER:\n  ${app.url}/#token=${marketer}\n\nCtrl-C stops it.`)
}
