import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Admin, type BaseOptions } from '@platformatic/kafka'
import type { TlsFiles } from '../../tls.ts'
import { TOPIC_NAMES } from './messages.ts'

export type KafkaSettings = {
  /** host:port each. */
  brokers: readonly string[]
  /** Instances of one group share the partitions. */
  group: string
  /** Stands before the name of every topic. */
  prefix: string
  /** Undefined: plain connections. `ca`: the authority of the brokers' certificates, instead of the usual ones. */
  tls: { ca?: string | undefined; client?: TlsFiles | undefined } | undefined
  sasl: { mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'; username: string; password: string } | undefined
}

export const DEAD_LETTERS = 'dead-letters'

export function clientOptions({ brokers, tls, sasl }: KafkaSettings): BaseOptions {
  return {
    clientId: 'alongside',
    bootstrapBrokers: [...brokers],
    connectTimeout: 3_000,
    // Whoever uses a client begins anew when it fails: more than a moment's patience only hides it.
    retries: 2,
    retryDelay: 300,
    ...(tls ? { tls: tlsOptions(tls), tlsServerName: !brokers.some(isAddress) } : {}),
    ...(sasl ? { sasl } : {}),
  }
}

/** The name that is asked for may not be an address. */
const isAddress = (broker: string) => isIP(broker.replace(/:\d+$/, '')) !== 0

const tlsOptions = ({ ca, client }: NonNullable<KafkaSettings['tls']>) => ({
  ...(ca ? { ca: readFileSync(ca) } : {}),
  ...(client ? { cert: readFileSync(client.cert), key: readFileSync(client.key) } : {}),
})

/** Creates the topics that are not there, with as many partitions and replicas as the brokers give a topic by default. */
export async function ensureTopics(settings: KafkaSettings): Promise<void> {
  const admin = new Admin(clientOptions(settings))
  try {
    const there = new Set(await within(REPLY_MS, admin.listTopics()))
    const missing = [...TOPIC_NAMES, DEAD_LETTERS]
      .map((name) => settings.prefix + name)
      .filter((name) => !there.has(name))
    for (const topic of missing)
      await within(REPLY_MS, admin.createTopics({ topics: [topic], partitions: -1, replicas: -1 })).catch(
        unlessItExists,
      )
  } finally {
    await quietly(admin.close())
  }
}

/** Another instance may have been quicker. */
function unlessItExists(error: unknown): void {
  if (!idOf(error, 'TOPIC_ALREADY_EXISTS')) throw error
}

/** Whether this is what the broker answered, somewhere in an error of the client. */
export function idOf(error: unknown, apiId: string): boolean {
  if (!(error instanceof Error)) return false
  const { apiId: own, errors = [], cause } = error as { apiId?: string; errors?: unknown[]; cause?: unknown }
  return own === apiId || [...errors, cause].some((inner) => idOf(inner, apiId))
}

/** A broker that hangs answers nothing, and the client would wait for ever. */
export const REPLY_MS = 10_000

export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Kafka gave no answer in ${ms} ms`)), ms)
  })
  // Whichever comes second is nobody's any more.
  work.catch(() => {})
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** For what is being given up anyway. */
export const quietly = (work: Promise<unknown>): Promise<void> =>
  within(2_000, work).then(
    () => {},
    () => {},
  )

/** Ends early, without an error, when the signal fires. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => {})
