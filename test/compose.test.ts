import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadConfig } from '../src/config.ts'
import { PROJECT_ROOT } from '../src/root.ts'
import { imageIsHealthy } from './support/image.ts'
import { piiKey } from './support/pii.ts'

type Service = { image: string; environment: Record<string, string>; ports?: string[]; volumes?: string[] }

const { services } = parse(readFileSync(path.join(PROJECT_ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  services: Record<string, Service>
}

/** The environment of a service, `${NAME}` and `${NAME:-default}` filled in as compose does. */
function environment(service: string, host: Record<string, string> = {}): Record<string, string> {
  const fill = (text: string) =>
    text.replace(/\$\{(\w+)(?::-([^}]*))?\}/g, (_, name: string, fallback = '') => host[name] || fallback)
  return Object.fromEntries(Object.entries(services[service]!.environment).map(([name, text]) => [name, fill(text)]))
}

const SECRETS = {
  JWT_SECRET: 'j'.repeat(32),
  NEO4J_PASSWORD: 'of-neo4j',
  REDIS_PASSWORD: 'of-redis',
  PII_KEY: `one:${piiKey(1)}`,
}

describe('docker-compose.yml', () => {
  it('starts the service for development with nothing set', () => {
    const config = loadConfig(environment('alongside'))
    expect(config).toMatchObject({ production: false, host: '0.0.0.0', port: 4000 })
    expect(config.neo4j).toMatchObject({ uri: 'bolt://neo4j:7687', username: 'neo4j' })
    expect(environment('neo4j').NEO4J_AUTH).toBe(`neo4j/${config.neo4j!.password}`)
    expect(config.redis!.url).toBe(`redis://:${environment('redis').REDIS_PASSWORD}@redis:6379`)
  })

  it('starts it for production with the secrets, and they reach Neo4j and Redis', () => {
    const config = loadConfig(environment('production', SECRETS))
    expect(config).toMatchObject({ production: true, auth: { secret: SECRETS.JWT_SECRET }, piiKeys: [{ id: 'one' }] })
    expect(environment('neo4j', SECRETS).NEO4J_AUTH).toBe(`neo4j/${config.neo4j!.password}`)
    expect(config.redis!.url).toBe(`redis://:${environment('redis', SECRETS).REDIS_PASSWORD}@redis:6379`)
  })

  it('hands Kafka to production, which is off unless its brokers are named', () => {
    expect(loadConfig(environment('production', SECRETS)).kafka).toBeUndefined()
    const kafka = { KAFKA_BROKERS: 'kafka.example.com:9093', KAFKA_TLS: 'on' }
    const sasl = { KAFKA_SASL: 'SCRAM-SHA-512', KAFKA_USERNAME: 'alongside', KAFKA_PASSWORD: 'of-kafka' }
    expect(loadConfig(environment('production', { ...SECRETS, ...kafka, ...sasl })).kafka).toEqual({
      brokers: ['kafka.example.com:9093'],
      group: 'alongside',
      prefix: '',
      tls: { ca: undefined, client: undefined },
      sasl: { mechanism: 'SCRAM-SHA-512', username: 'alongside', password: 'of-kafka' },
    })
  })

  it('hands quiet hours and a frequency cap to production, which has neither unless they are set', () => {
    const off = { quietHours: undefined, timeZone: 'UTC', cap: undefined }
    expect(loadConfig(environment('production', SECRETS)).contactRules).toEqual(off)
    const rules = { QUIET_HOURS: '21:30-08:00', QUIET_TIME_ZONE: 'Europe/Warsaw', CAP_MAX: '3', CAP_DAYS: '7' }
    const config = loadConfig(environment('production', { ...SECRETS, ...rules, WEBHOOK_PRIVATE_HOSTS: 'on' }))
    expect(config).toMatchObject({
      contactRules: {
        quietHours: { from: 21 * 60 + 30, to: 8 * 60 },
        timeZone: 'Europe/Warsaw',
        cap: { max: 3, days: 7 },
      },
      webhookPrivateHosts: true,
    })
  })

  it.each(['JWT_SECRET', 'PII_KEY', 'NEO4J_PASSWORD'])('refuses production without %s and names it', (name) => {
    expect(() => loadConfig(environment('production', { ...SECRETS, [name]: '' }))).toThrow(`${name}: is needed`)
  })

  it('hands certificates and trusted documents to production, from the one folder that it mounts', () => {
    expect(services.production!.volumes).toContainEqual(expect.stringMatching(/:\/secrets:ro$/))
    const files = { TLS_CERT: '/secrets/tls.crt', TLS_KEY: '/secrets/tls.key', TLS_CA: '/secrets/ca.crt' }
    const documents = { TRUSTED_DOCUMENTS: '/secrets/documents.json' }
    // Certificates are read at once, and these are not here.
    expect(() => loadConfig(environment('production', { ...SECRETS, ...files }))).toThrow(
      /TLS_CERT: cannot be read.*\n.*TLS_KEY: cannot be read.*\n.*TLS_CA: cannot be read/,
    )
    const config = loadConfig(environment('production', { ...SECRETS, ...documents }))
    expect(config.trustedDocuments).toBe(documents.TRUSTED_DOCUMENTS)
  })

  it.each([
    { status: 200, healthy: true },
    { status: 503, healthy: false },
  ])('is healthy: $healthy, when the service answers $status', async ({ status, healthy }) => {
    const http = createServer((req, res) => res.writeHead(req.url === '/healthz' ? status : 404).end())
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    try {
      expect(await imageIsHealthy({ PORT: String((http.address() as AddressInfo).port) })).toBe(healthy)
    } finally {
      http.close()
    }
  })

  it('publishes nothing beyond this machine', () => {
    const published = Object.values(services).flatMap(({ ports = [] }) => ports)
    expect(published.length).toBeGreaterThan(0)
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/)
  })

  it('gives Neo4j the limits of the embedded one', () => {
    const embedded = readFileSync(path.join(PROJECT_ROOT, 'src/embedded/neo4j.ts'), 'utf8')
    for (const setting of [
      'db.lock.acquisition.timeout',
      'db.checkpoint',
      'db.checkpoint.interval.volume',
      'db.tx_log.rotation.retention_policy',
      'db.tx_log.rotation.size',
    ]) {
      const variable = `NEO4J_${setting.replaceAll('_', '__').replaceAll('.', '_')}`
      expect(embedded).toContain(`'${setting}=${services.neo4j!.environment[variable]}'`)
    }
  })

  it('lets nothing of APOC be called but what @neo4j/graphql needs', () => {
    expect(services.neo4j!.environment.NEO4J_dbms_security_procedures_allowlist).toBe('apoc.date.*,apoc.util.validate*')
  })
})

const compose = [['docker-compose'], ['docker', 'compose']].find(
  ([command, ...args]) => spawnSync(command!, [...args, 'version'], { stdio: 'ignore' }).status === 0,
)

describe.skipIf(!compose)(compose ? 'compose itself' : 'compose itself (docker-compose is not installed)', () => {
  it.each([{ profile: 'default' }, { profile: 'production' }])(
    'takes the file, profile $profile, with nothing set',
    ({ profile }) => {
      const [command, ...args] = compose!
      const env = {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        COMPOSE_PROFILES: profile === 'default' ? '' : profile,
      }
      const { status, stderr } = spawnSync(command!, [...args, '-f', 'docker-compose.yml', 'config', '-q'], {
        cwd: PROJECT_ROOT,
        encoding: 'utf8',
        env,
      })
      expect(stderr).toBe('')
      expect(status).toBe(0)
    },
  )
})
