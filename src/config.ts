import os from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import type { Neo4jSettings } from './graph/driver.ts'
import type { KafkaSettings } from './ingest/kafka/client.ts'
import type { AttributionRules } from './modules/campaign/performance.service.ts'
import type { ContactRules } from './modules/consent/consent.service.ts'
import { type PiiKey, parsePiiKeys } from './pii/keys.ts'
import type { RedisSettings } from './redis/redis.ts'
import { isTimeZone } from './time-zone.ts'
import { isPair, pemFault, type TlsFiles } from './tls.ts'

/** The only reader of process.env. Every mistake is reported at once. */

const number = (min: number, max: number) => z.coerce.number().int().min(min).max(max)
const optional = z
  .string()
  .trim()
  .transform((text) => text || undefined)
  .optional()

const file = optional.transform((text) => text && path.resolve(text))
const piiKeys = z.string().transform((text, context) => {
  try {
    return parsePiiKeys(text)
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message })
    return z.NEVER
  }
})

const model = z
  .object({
    NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
    PORT: number(0, 65535).default(4000),
    HOST: z.string().default('127.0.0.1'),
    TLS_CERT: file,
    TLS_KEY: file,
    TLS_CA: file,
    NEO4J_URI: optional.pipe(
      z
        .string()
        .regex(/^(neo4j|bolt)(\+s|\+ssc)?:\/\//, 'must begin with neo4j:// or bolt:// (or their +s forms)')
        .optional(),
    ),
    NEO4J_USERNAME: z.string().default('neo4j'),
    NEO4J_PASSWORD: optional,
    NEO4J_DATABASE: optional,
    REDIS_URL: optional.pipe(
      z
        .string()
        .regex(/^rediss?:\/\//, 'must begin with redis:// or rediss://')
        .optional(),
    ),
    KAFKA_BROKERS: z.string().default(''),
    KAFKA_GROUP: optional.pipe(z.string().default('alongside')),
    KAFKA_TOPIC_PREFIX: optional.pipe(
      z
        .string()
        .max(200)
        .regex(/^[\w.-]*$/, 'may hold letters, digits, dots, dashes and underscores')
        .default(''),
    ),
    KAFKA_TLS: z.enum(['on', 'off']).default('off'),
    KAFKA_TLS_CERT: file,
    KAFKA_TLS_KEY: file,
    KAFKA_SASL: optional.pipe(z.enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']).optional()),
    KAFKA_USERNAME: optional,
    KAFKA_PASSWORD: optional,
    DATA_HOME: optional,
    JWT_SECRET: optional.pipe(z.string().min(32, 'must have at least 32 characters').optional()),
    JWKS_URL: optional.pipe(
      z.url({ protocol: /^https?$/, error: 'must be a URL that begins with https:// or http://' }).optional(),
    ),
    JWT_ISSUER: optional,
    JWT_AUDIENCE: z.string().default('alongside'),
    CORS_ORIGINS: z.string().default(''),
    RATE_LIMIT: optional.pipe(z.coerce.number<string | undefined>().int().min(0).max(1e9).default(300_000)),
    TRUSTED_DOCUMENTS: optional,
    SNAPSHOTS: z.enum(['on', 'off']).default('on'),
    GLOBAL_HOLDOUT_SHARE: optional.pipe(z.coerce.number<string | undefined>().min(0).max(1).default(0)),
    CAMPAIGN_APPROVAL: optional.pipe(z.enum(['on', 'off']).default('on')),
    CONVERSION_DAYS: optional.pipe(z.coerce.number<string | undefined>().int().min(1).max(365).default(14)),
    ATTRIBUTION: optional.pipe(z.enum(['last-touch', 'every-touch']).default('last-touch')),
    WEBHOOK_SECRET: optional.pipe(z.string().min(32, 'must have at least 32 characters').optional()),
    WEBHOOK_PRIVATE_HOSTS: optional.pipe(z.enum(['on', 'off']).default('off')),
    QUIET_HOURS: optional.pipe(
      z
        .string()
        .regex(
          /^(off|([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)$/,
          'must be off, or two times such as 21:00-08:00',
        )
        .refine((text) => text === 'off' || text.slice(0, 5) !== text.slice(6), 'must begin and end at different times')
        .default('off'),
    ),
    QUIET_TIME_ZONE: optional.pipe(
      z.string().refine(isTimeZone, 'must be an IANA name such as Europe/Warsaw').default('UTC'),
    ),
    CAP_MAX: optional.pipe(z.coerce.number<string | undefined>().int().min(1).max(1_000).optional()),
    CAP_DAYS: optional.pipe(z.coerce.number<string | undefined>().int().min(1).max(365).optional()),
    PII_KEY: optional.pipe(piiKeys.optional()),
    METRICS_TOKEN: optional,
    ALLOW_PLAINTEXT: z.string().default(''),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  })
  .superRefine((env, context) => {
    const require = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message })
    type FileName = 'TLS_CA' | `${'' | 'KAFKA_'}TLS_${'CERT' | 'KEY'}`
    const checkPem = (name: FileName, kind: 'certificate' | 'private key'): boolean => {
      const fault = pemFault(env[name]!, kind)
      if (fault) require(name, fault)
      return fault === null
    }
    const checkTlsFiles = (certName: FileName, keyName: FileName) => {
      const [cert, key] = [env[certName], env[keyName]]
      if (cert && !key) require(keyName, `is needed beside ${certName}`)
      if (key && !cert) require(certName, `is needed beside ${keyName}`)
      const good = [cert && checkPem(certName, 'certificate'), key && checkPem(keyName, 'private key')]
      if (cert && key && good.every(Boolean) && !isPair({ cert, key }))
        require(keyName, `is not the key of ${certName}`)
    }
    if (env.NEO4J_URI && !env.NEO4J_PASSWORD) require('NEO4J_PASSWORD', 'is needed beside NEO4J_URI')
    if (env.JWKS_URL && env.JWT_SECRET) require('JWKS_URL', 'excludes JWT_SECRET: set one of them')
    if (env.JWKS_URL && !env.JWT_ISSUER) require('JWT_ISSUER', 'is needed beside JWKS_URL')
    for (const origin of list(env.CORS_ORIGINS).filter((text) => !isOrigin(text))) {
      require('CORS_ORIGINS', `${JSON.stringify(origin)} is no origin: write https://shop.example.com, with nothing after the host but a port`)
    }
    for (const broker of list(env.KAFKA_BROKERS).filter((text) => !BROKER.test(text)))
      require('KAFKA_BROKERS', `${JSON.stringify(broker)} is no broker: write host:port`)
    for (const name of ['KAFKA_USERNAME', 'KAFKA_PASSWORD'] as const) {
      if (env.KAFKA_SASL && !env[name]) require(name, 'is needed beside KAFKA_SASL')
      if (env[name] && !env.KAFKA_SASL) require('KAFKA_SASL', `is needed beside ${name}`)
    }
    if (env.KAFKA_TLS_CERT && env.KAFKA_TLS === 'off') require('KAFKA_TLS', 'must be on beside KAFKA_TLS_CERT')
    if (env.CAP_MAX && !env.CAP_DAYS) require('CAP_DAYS', 'is needed beside CAP_MAX')
    if (env.CAP_DAYS && !env.CAP_MAX) require('CAP_MAX', 'is needed beside CAP_DAYS')
    checkTlsFiles('TLS_CERT', 'TLS_KEY')
    if (env.TLS_CA) checkPem('TLS_CA', 'certificate')
    checkTlsFiles('KAFKA_TLS_CERT', 'KAFKA_TLS_KEY')
    if (env.NODE_ENV !== 'production') return
    for (const broker of env.KAFKA_TLS === 'off' ? list(env.KAFKA_BROKERS) : []) {
      if (isAllowedPlain(`kafka://${broker}`, env.ALLOW_PLAINTEXT)) continue
      require('KAFKA_BROKERS', `${broker} is a plain connection to another host: set KAFKA_TLS=on, or name the host in ALLOW_PLAINTEXT`)
    }
    if (!env.JWT_SECRET && !env.JWKS_URL) require('JWT_SECRET', 'is needed in production, or JWKS_URL')
    if (!env.PII_KEY) require('PII_KEY', 'is needed in production')
    if (!env.NEO4J_URI) require('NEO4J_URI', 'is needed in production')
    if (!env.REDIS_URL) require('REDIS_URL', 'is needed in production')
    if (env.NEO4J_URI?.includes('+ssc:'))
      require('NEO4J_URI', 'takes any certificate: use the +s form, with TLS_CA where the authority is your own')
    for (const [name, scheme] of ENCRYPTED) {
      const url = env[name]
      if (url && isPlain(url) && !isAllowedPlain(url, env.ALLOW_PLAINTEXT)) {
        require(name, `is a plain connection to another host: use ${scheme}://, or name the host in ALLOW_PLAINTEXT`)
      }
    }
  })

const ENCRYPTED = [
  ['NEO4J_URI', 'neo4j+s'],
  ['REDIS_URL', 'rediss'],
  ['JWKS_URL', 'https'],
] as const
const isPlain = (url: string) => /^(neo4j|bolt|redis|http):\/\//i.test(url)
const isOrigin = (text: string) => /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text
const BROKER = /^(\[[\da-f:]+\]|[\w.-]+):\d{1,5}$/i
const LOOPBACK = ['localhost', '127.0.0.1', '::1', '[::1]']
export const isLoopback = (host: string) => LOOPBACK.includes(host)
function isAllowedPlain(url: string, allowed: string): boolean {
  const host = /^\w+:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/]*)/.exec(url)?.[1] ?? ''
  return isLoopback(host) || list(allowed).includes(host)
}
const list = (text: string) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)

export type Config = Readonly<{
  production: boolean
  port: number
  host: string
  /** Undefined: plain HTTP. */
  tls: Readonly<TlsFiles> | undefined
  /** Undefined: start an embedded one. */
  neo4j: Readonly<Neo4jSettings> | undefined
  redis: Readonly<RedisSettings> | undefined
  /** Undefined: no messages are read. */
  kafka: Readonly<KafkaSettings> | undefined
  dataHome: string
  auth: Readonly<{ secret: string | undefined; jwksUrl: string | undefined; issuer: string; audience: string }>
  /** Pages of these may call from a browser. */
  corsOrigins: readonly string[]
  /** Units of cost that one subject may spend a minute; 0: as many as they like. */
  rateLimit: number
  /** A file of the documents a STOREFRONT may send in production. */
  trustedDocuments: string | undefined
  /** Whether offers are kept for everybody, to be answered at once. */
  snapshots: boolean
  /** Of all customers, whom no campaign writes to, 0 to 1. */
  globalHoldoutShare: number
  /** When nobody is written to, where a customer's time zone is not known, and how often at most, whatever the campaign. */
  contactRules: Readonly<ContactRules>
  /** Whether a campaign has to be approved, by somebody who did not write it, before it starts. */
  campaignApproval: boolean
  /** Which orders are a campaign’s. */
  attribution: Readonly<AttributionRules>
  /** What webhooks are signed with. */
  webhookSecret: string | undefined
  /** Whether webhooks may lead to this machine and to private networks, by http too. */
  webhookPrivateHosts: boolean
  /** What contact details are encrypted under; the first is written with. */
  piiKeys: readonly PiiKey[] | undefined
  metricsToken: string | undefined
  logLevel: string
}>

export class ConfigError extends Error {}

/** The environment with some of it changed, or (undefined) left out. */
export const loadConfigWith = (changes: Record<string, string | undefined>): Config =>
  loadConfig({ ...process.env, ...changes })

/** @throws ConfigError that lists everything that is wrong. */
export function loadConfig(env: Record<string, string | undefined> = process.env): Config {
  const parsed = model.safeParse(env)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new ConfigError(`The environment is not usable:\n${lines.join('\n')}`)
  }
  const e = parsed.data
  return Object.freeze({
    production: e.NODE_ENV === 'production',
    port: e.PORT,
    host: e.HOST,
    tls: e.TLS_CERT && e.TLS_KEY ? { cert: e.TLS_CERT, key: e.TLS_KEY } : undefined,
    neo4j: e.NEO4J_URI
      ? {
          uri: e.NEO4J_URI,
          username: e.NEO4J_USERNAME,
          password: e.NEO4J_PASSWORD!,
          database: e.NEO4J_DATABASE,
          ca: e.TLS_CA,
        }
      : undefined,
    redis: e.REDIS_URL ? { url: e.REDIS_URL, ca: e.TLS_CA } : undefined,
    kafka: kafkaOf(e),
    dataHome: path.resolve(
      e.DATA_HOME ?? path.join(env.XDG_DATA_HOME ?? path.join(os.homedir(), '.local/share'), 'alongside'),
    ),
    auth: {
      secret: e.JWT_SECRET,
      jwksUrl: e.JWKS_URL,
      issuer: e.JWT_ISSUER ?? 'alongside',
      audience: e.JWT_AUDIENCE,
    },
    corsOrigins: list(e.CORS_ORIGINS),
    rateLimit: e.RATE_LIMIT,
    trustedDocuments: e.TRUSTED_DOCUMENTS,
    snapshots: e.SNAPSHOTS === 'on',
    globalHoldoutShare: e.GLOBAL_HOLDOUT_SHARE,
    contactRules: {
      quietHours: quietHoursOf(e.QUIET_HOURS),
      timeZone: e.QUIET_TIME_ZONE,
      cap: e.CAP_MAX && e.CAP_DAYS ? { max: e.CAP_MAX, days: e.CAP_DAYS } : undefined,
    },
    campaignApproval: e.CAMPAIGN_APPROVAL === 'on',
    attribution: { days: e.CONVERSION_DAYS, lastOnly: e.ATTRIBUTION === 'last-touch' },
    webhookSecret: e.WEBHOOK_SECRET,
    webhookPrivateHosts: e.WEBHOOK_PRIVATE_HOSTS === 'on',
    piiKeys: e.PII_KEY,
    metricsToken: e.METRICS_TOKEN,
    logLevel: e.LOG_LEVEL,
  })
}

function quietHoursOf(text: string): ContactRules['quietHours'] {
  if (text === 'off') return undefined
  const [from, to] = text.split('-').map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)))
  return { from: from!, to: to! }
}

function kafkaOf(e: z.output<typeof model>): KafkaSettings | undefined {
  const brokers = list(e.KAFKA_BROKERS)
  if (brokers.length === 0) return undefined
  const client = e.KAFKA_TLS_CERT && e.KAFKA_TLS_KEY ? { cert: e.KAFKA_TLS_CERT, key: e.KAFKA_TLS_KEY } : undefined
  return {
    brokers,
    group: e.KAFKA_GROUP,
    prefix: e.KAFKA_TOPIC_PREFIX,
    tls: e.KAFKA_TLS === 'on' ? { ca: e.TLS_CA, client } : undefined,
    sasl: e.KAFKA_SASL && { mechanism: e.KAFKA_SASL, username: e.KAFKA_USERNAME!, password: e.KAFKA_PASSWORD! },
  }
}
