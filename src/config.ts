import os from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { type PiiKey, parsePiiKeys } from './pii/keys.ts'

/** The only reader of process.env. Every mistake is reported at once. */

const number = (min: number, max: number) => z.coerce.number().int().min(min).max(max)
const optional = z
  .string()
  .trim()
  .transform((text) => text || undefined)
  .optional()

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
    DATA_HOME: optional,
    JWT_SECRET: optional.pipe(z.string().min(32, 'must have at least 32 characters').optional()),
    JWT_ISSUER: z.string().default('alongside'),
    JWT_AUDIENCE: z.string().default('alongside'),
    PII_KEY: optional.pipe(piiKeys.optional()),
    METRICS_TOKEN: optional,
    ALLOW_PLAINTEXT: z.string().default(''),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  })
  .superRefine((env, context) => {
    const require = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message })
    if (env.NEO4J_URI && !env.NEO4J_PASSWORD) require('NEO4J_PASSWORD', 'is needed beside NEO4J_URI')
    if (env.NODE_ENV !== 'production') return
    if (!env.JWT_SECRET) require('JWT_SECRET', 'is needed in production')
    if (!env.PII_KEY) require('PII_KEY', 'is needed in production')
    if (!env.NEO4J_URI) require('NEO4J_URI', 'is needed in production')
    if (!env.REDIS_URL) require('REDIS_URL', 'is needed in production')
    for (const name of ['NEO4J_URI', 'REDIS_URL'] as const) {
      const url = env[name]
      if (url && isPlain(url) && !isAllowedPlain(url, env.ALLOW_PLAINTEXT)) {
        require(name, `is a plain connection to another host: use ${name === 'NEO4J_URI' ? 'neo4j+s' : 'rediss'}://, or name the host in ALLOW_PLAINTEXT`)
      }
    }
  })

const isPlain = (url: string) => /^(neo4j|bolt|redis):\/\//.test(url)
function isAllowedPlain(url: string, allowed: string): boolean {
  const host = /^\w+:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/]*)/.exec(url)?.[1] ?? ''
  return ['localhost', '127.0.0.1', '[::1]', ...list(allowed)].includes(host)
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
  /** Undefined: start an embedded one. */
  neo4j: Readonly<{ uri: string; username: string; password: string; database: string | undefined }> | undefined
  redis: Readonly<{ url: string }> | undefined
  dataHome: string
  auth: Readonly<{ secret: string | undefined; issuer: string; audience: string }>
  /** What contact details are encrypted under; the first is written with. */
  piiKeys: readonly PiiKey[] | undefined
  metricsToken: string | undefined
  logLevel: string
}>

export class ConfigError extends Error {}

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
    neo4j: e.NEO4J_URI
      ? { uri: e.NEO4J_URI, username: e.NEO4J_USERNAME, password: e.NEO4J_PASSWORD!, database: e.NEO4J_DATABASE }
      : undefined,
    redis: e.REDIS_URL ? { url: e.REDIS_URL } : undefined,
    dataHome: path.resolve(
      e.DATA_HOME ?? path.join(env.XDG_DATA_HOME ?? path.join(os.homedir(), '.local/share'), 'alongside'),
    ),
    auth: { secret: e.JWT_SECRET, issuer: e.JWT_ISSUER, audience: e.JWT_AUDIENCE },
    piiKeys: e.PII_KEY,
    metricsToken: e.METRICS_TOKEN,
    logLevel: e.LOG_LEVEL,
  })
}
