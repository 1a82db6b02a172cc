import { type App, type Backends, createApp, writeRunFile } from './app.ts'
import { ROLES, signToken } from './auth/viewer.ts'
import { type Config, ConfigError, loadConfig } from './config.ts'
import { startEmbedded } from './embedded/index.ts'
import { prepare } from './prepare.ts'
import { buildWebIfStale } from './web.ts'

/** The process: read the config, start, hand signals on, stop. */

const say = (message: string) => process.stderr.write(`${message}\n`)

async function startBackends(config: Config): Promise<Backends & { stop(): Promise<void> }> {
  const embedded =
    config.neo4j && config.redis
      ? null
      : await startEmbedded({ dataHome: config.dataHome, neo4j: !config.neo4j, redis: !config.redis, onProgress: say })
  return {
    neo4j: config.neo4j ?? embedded!.neo4j!,
    redis: config.redis ?? embedded!.redis!,
    stop: async () => embedded?.stop(),
  }
}

async function main(): Promise<void> {
  const stops: (() => unknown)[] = []
  let stopping = false
  const stop = async (code: number) => {
    if (stopping) process.exit(1)
    stopping = true
    for (const end of stops.reverse()) await end()
    process.exit(code)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      say(`${signal}: finishing what is under way. Again to end at once.`)
      void stop(0)
    })
  }
  try {
    const config = loadConfig()
    await buildWebIfStale(say)
    const backends = await startBackends(config)
    stops.push(backends.stop)
    const app = await createApp(config, backends)
    stops.push(app.stop)
    if (config.tls) process.on('SIGHUP', () => renewCertificate(app))
    stops.push(
      writeRunFile(config.dataHome, { neo4j: backends.neo4j, redis: backends.redis, url: app.url, pid: process.pid }),
    )
    if (!config.production) await prepare(app, say)
    await announce(app, config)
  } catch (error) {
    if (stopping) return
    say(error instanceof ConfigError ? error.message : `Alongside could not start: ${(error as Error).stack}`)
    await stop(1)
  }
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

void main()
