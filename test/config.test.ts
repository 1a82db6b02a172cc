import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../src/config.ts'
import { createAuthority, hasOpenssl } from './support/certificates.ts'
import { TEST_PII_KEY } from './support/pii.ts'

const PRODUCTION = {
  NODE_ENV: 'production',
  JWT_SECRET: 'j'.repeat(32),
  PII_KEY: TEST_PII_KEY,
  NEO4J_URI: 'neo4j+s://graph.example.com',
  NEO4J_PASSWORD: 'secret',
  REDIS_URL: 'rediss://cache.example.com',
}

describe('Production', () => {
  it('takes encrypted connections to other hosts, and plain ones to this machine', () => {
    expect(loadConfig(PRODUCTION).production).toBe(true)
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      const here = { NEO4J_URI: `bolt://${host}:7687`, REDIS_URL: `redis://:a@${host}:6379` }
      expect(loadConfig({ ...PRODUCTION, ...here }).neo4j!.uri).toBe(here.NEO4J_URI)
    }
  })

  it.each([
    ['NEO4J_URI', 'bolt://graph.example.com'],
    ['NEO4J_URI', 'neo4j://localhost.example.com:7687'],
    ['REDIS_URL', 'redis://localhost:secret@cache.example.com'],
  ])('refuses %s=%s and names it, unless its host is in ALLOW_PLAINTEXT', (name, url) => {
    const env = { ...PRODUCTION, [name]: url }
    expect(() => loadConfig(env)).toThrow(`${name}: is a plain connection to another host`)
    const host = /[\w.]+\.com/.exec(url)![0]
    expect(loadConfig({ ...env, ALLOW_PLAINTEXT: `other, ${host}` }).production).toBe(true)
  })

  it.each(['neo4j+ssc', 'bolt+ssc'])('refuses %s://, which takes any certificate, even from this machine', (scheme) => {
    const env = { ...PRODUCTION, NEO4J_URI: `${scheme}://localhost`, ALLOW_PLAINTEXT: 'localhost' }
    expect(() => loadConfig(env)).toThrow('NEO4J_URI: takes any certificate')
    expect(loadConfig({ ...env, NODE_ENV: 'development' }).neo4j!.uri).toBe(env.NEO4J_URI)
  })
})

describe('What governs writing to customers', () => {
  it.each([
    [{ QUIET_HOURS: '9pm-8am' }, 'QUIET_HOURS: must be off, or two times such as 21:00-08:00'],
    [{ QUIET_HOURS: '21:00-24:00' }, 'QUIET_HOURS: must be off, or two times'],
    [{ QUIET_HOURS: '21:00-21:00' }, 'QUIET_HOURS: must begin and end at different times'],
    [{ QUIET_TIME_ZONE: 'Europe/Atlantis' }, 'QUIET_TIME_ZONE: must be an IANA name'],
    [{ QUIET_TIME_ZONE: '+02:00' }, 'QUIET_TIME_ZONE: must be an IANA name'],
    [{ CAP_MAX: '3' }, 'CAP_DAYS: is needed beside CAP_MAX'],
    [{ CAP_DAYS: '7' }, 'CAP_MAX: is needed beside CAP_DAYS'],
    [{ CAP_MAX: '0', CAP_DAYS: '7' }, 'CAP_MAX: '],
    [{ CAP_MAX: '1', CAP_DAYS: '366' }, 'CAP_DAYS: '],
    [{ WEBHOOK_PRIVATE_HOSTS: 'yes' }, 'WEBHOOK_PRIVATE_HOSTS: '],
    [{ CONVERSION_DAYS: '0' }, 'CONVERSION_DAYS: '],
    [{ ATTRIBUTION: 'first' }, 'ATTRIBUTION: '],
    [{ WEBHOOK_SECRET: 'short' }, 'WEBHOOK_SECRET: '],
    [{ CAMPAIGN_APPROVAL: 'yes' }, 'CAMPAIGN_APPROVAL: '],
  ])('is checked at the start: %j', (env, message) => {
    expect(() => loadConfig(env)).toThrow(message)
  })
})

describe('KAFKA_BROKERS', () => {
  const sasl = { KAFKA_SASL: 'PLAIN', KAFKA_USERNAME: 'alongside', KAFKA_PASSWORD: 'secret' }

  it('switches Kafka on; without it nothing else of Kafka counts', () => {
    expect(loadConfig({ KAFKA_BROKERS: '', KAFKA_GROUP: 'g', KAFKA_TLS: 'on' }).kafka).toBeUndefined()
    expect(loadConfig({ KAFKA_BROKERS: 'a:9092, [::1]:9093', KAFKA_TOPIC_PREFIX: 'shop.' }).kafka).toEqual({
      brokers: ['a:9092', '[::1]:9093'],
      group: 'alongside',
      prefix: 'shop.',
      tls: undefined,
      sasl: undefined,
    })
  })

  it('refuses in production a plain connection to another host that is not in ALLOW_PLAINTEXT, even beside others', () => {
    const env = { ...PRODUCTION, KAFKA_BROKERS: 'localhost:9092,kafka.example.com:9092' }
    expect(() => loadConfig(env)).toThrow(
      /KAFKA_BROKERS: kafka\.example\.com:9092 is a plain connection to another host/,
    )
    expect(() => loadConfig({ ...env, ...sasl })).toThrow('KAFKA_BROKERS: kafka.example.com:9092 is a plain')
    expect(loadConfig({ ...env, ALLOW_PLAINTEXT: 'kafka.example.com' }).kafka!.tls).toBeUndefined()
    expect(loadConfig({ ...env, KAFKA_TLS: 'on' }).kafka!.tls).toBeDefined()
  })

  it.each([
    [{ KAFKA_BROKERS: 'kafka.example.com' }, 'KAFKA_BROKERS: "kafka.example.com" is no broker: write host:port'],
    [{ KAFKA_TOPIC_PREFIX: 'a/b' }, 'KAFKA_TOPIC_PREFIX: may hold'],
    [{ ...sasl, KAFKA_PASSWORD: '' }, 'KAFKA_PASSWORD: is needed beside KAFKA_SASL'],
    [{ ...sasl, KAFKA_SASL: '' }, 'KAFKA_SASL: is needed beside KAFKA_USERNAME'],
    [{ KAFKA_TLS_CERT: '/nowhere', KAFKA_TLS_KEY: '/nowhere' }, 'KAFKA_TLS: must be on beside KAFKA_TLS_CERT'],
    [{ KAFKA_TLS: 'on', KAFKA_TLS_CERT: '/nowhere' }, 'KAFKA_TLS_KEY: is needed beside KAFKA_TLS_CERT'],
  ])('and its like are checked: %j', (env, message) => {
    expect(() => loadConfig({ KAFKA_BROKERS: 'a:9092', ...env })).toThrow(message)
  })
})

const title = hasOpenssl ? 'TLS_CERT, TLS_KEY and TLS_CA' : 'TLS_CERT, TLS_KEY and TLS_CA (openssl is not installed)'
describe.skipIf(!hasOpenssl)(title, () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'alongside-config-'))
  const noPem = path.join(folder, 'no.pem')
  const broken = path.join(folder, 'broken.pem')
  let ca: string
  let ours: { cert: string; key: string }
  let other: { cert: string; key: string }

  beforeAll(() => {
    const authority = createAuthority(folder, 'ours')
    ca = authority.ca
    ours = authority.issue('one')
    other = authority.issue('other')
    writeFileSync(noPem, 'not a certificate')
    writeFileSync(broken, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('are taken as files, and the authority goes with Neo4j and Redis', () => {
    const config = loadConfig({ ...PRODUCTION, TLS_CERT: ours.cert, TLS_KEY: ours.key, TLS_CA: ca })
    expect(config.tls).toEqual(ours)
    expect([config.neo4j!.ca, config.redis!.ca]).toEqual([ca, ca])
    expect(loadConfig(PRODUCTION).tls).toBeUndefined()
  })

  it('are refused when one of the pair is missing, unreadable, no PEM file or of another pair, by name', () => {
    const refused = (env: Record<string, string>) => expect(() => loadConfig(env))
    refused({ TLS_CERT: ours.cert }).toThrow('TLS_KEY: is needed beside TLS_CERT')
    refused({ TLS_KEY: ours.key }).toThrow('TLS_CERT: is needed beside TLS_KEY')
    refused({ TLS_CERT: ours.cert, TLS_KEY: `${ours.key}.gone` }).toThrow('TLS_KEY: cannot be read: ENOENT')
    refused({ TLS_CERT: noPem, TLS_KEY: ours.key }).toThrow(`TLS_CERT: ${noPem} is no PEM file of a certificate`)
    refused({ TLS_CERT: ours.key, TLS_KEY: ours.cert }).toThrow(/TLS_CERT: .*\n.*TLS_KEY: .* private key/)
    refused({ TLS_CERT: ours.cert, TLS_KEY: other.key }).toThrow('TLS_KEY: is not the key of TLS_CERT')
    refused({ TLS_CA: broken }).toThrow(`TLS_CA: ${broken} holds no usable certificate`)
  })
})

const SECRET = 's'.repeat(32)
const production = {
  NODE_ENV: 'production',
  PII_KEY: TEST_PII_KEY,
  NEO4J_URI: 'neo4j+s://graph.example.com',
  NEO4J_PASSWORD: 'of-neo4j',
  REDIS_URL: 'rediss://cache.example.com',
}
const provider = { JWKS_URL: 'https://id.example.com/keys', JWT_ISSUER: 'https://id.example.com/' }

describe('The settings', () => {
  it('take either a secret or an identity provider for production, and neither is not enough', () => {
    expect(loadConfig({ ...production, JWT_SECRET: SECRET }).auth).toMatchObject({
      secret: SECRET,
      issuer: 'alongside',
    })
    expect(loadConfig({ ...production, ...provider }).auth).toEqual({
      secret: undefined,
      jwksUrl: provider.JWKS_URL,
      issuer: provider.JWT_ISSUER,
      audience: 'alongside',
    })
    expect(() => loadConfig(production)).toThrow('JWT_SECRET: is needed in production, or JWKS_URL')
  })

  it.each([
    ['JWKS_URL', 'excludes JWT_SECRET', { ...provider, JWT_SECRET: SECRET }],
    ['JWKS_URL', 'must be a URL', { ...provider, JWKS_URL: 'id.example.com/keys' }],
    ['JWKS_URL', 'must be a URL', { ...provider, JWKS_URL: 'file:///etc/keys.json' }],
    ['JWKS_URL', 'use https://', { ...production, ...provider, JWKS_URL: 'http://id.example.com/keys' }],
    ['JWT_ISSUER', 'is needed beside JWKS_URL', { JWKS_URL: provider.JWKS_URL }],
    ['CORS_ORIGINS', '"*" is no origin', { CORS_ORIGINS: 'https://shop.example.com,*' }],
    ['CORS_ORIGINS', 'is no origin', { CORS_ORIGINS: 'https://shop.example.com/' }],
    ['CORS_ORIGINS', 'is no origin', { CORS_ORIGINS: 'shop.example.com' }],
    ['RATE_LIMIT', '', { RATE_LIMIT: '-1' }],
    ['RATE_LIMIT', '', { RATE_LIMIT: 'many' }],
  ])('name %s when it is wrong (%s)', (name, message, env) => {
    expect(() => loadConfig(env)).toThrow(new RegExp(`${name}: .*${message.replace(/[*/]/g, '\\$&')}`))
  })

  it('reach a plain key server on this machine, or one that is named', () => {
    for (const [JWKS_URL, ALLOW_PLAINTEXT] of [
      ['http://127.0.0.1:8080/keys', ''],
      ['http://[::1]/keys', ''],
      ['http://keycloak:8080/keys', 'neo4j,keycloak'],
    ] as const) {
      expect(loadConfig({ ...production, ...provider, JWKS_URL, ALLOW_PLAINTEXT }).auth.jwksUrl).toBe(JWKS_URL)
    }
  })

  it('limit nobody at 0, and by default at 300,000 units a minute', () => {
    expect(loadConfig({}).rateLimit).toBe(300_000)
    expect(loadConfig({ RATE_LIMIT: '' }).rateLimit).toBe(300_000)
    expect(loadConfig({ RATE_LIMIT: '0' }).rateLimit).toBe(0)
    expect(loadConfig({ CORS_ORIGINS: ' https://a.example , http://localhost:3000,' }).corsOrigins).toEqual([
      'https://a.example',
      'http://localhost:3000',
    ])
  })
})
