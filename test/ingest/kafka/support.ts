import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, vi } from 'vitest'
import { loadConfig } from '../../../src/config.ts'
import { isRunning } from '../../../src/embedded/claim.ts'
import { resolveKafkaLib } from '../../../src/embedded/jars.ts'
import { type KafkaOptions, startKafka } from '../../../src/embedded/kafka.ts'
import { startGuard } from '../../../src/embedded/supervise.ts'
import { findJava } from '../../../src/embedded/tools.ts'
import { DEAD_LETTERS, ensureTopics, type KafkaSettings } from '../../../src/ingest/kafka/client.ts'
import { createProducer } from '../../../src/ingest/kafka/dead-letters.ts'
import type { TopicName } from '../../../src/ingest/kafka/messages.ts'
import { openSession } from '../../../src/ingest/kafka/session.ts'
import type { TestApp } from '../../support/app.ts'

export type Broker = {
  address: string
  folder: string
  /** SIGKILL, and the process is gone. */
  kill(): Promise<void>
  /** On the port and with the files it had. */
  start(): Promise<void>
  stop(): Promise<void>
}

export async function startBroker(options: Pick<KafkaOptions, 'tls' | 'user'> = {}): Promise<Broker> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'alongside-kafka-'))
  const lib = await resolveKafkaLib(loadConfig({ DATA_HOME: process.env.DATA_HOME }).dataHome, [], () => {})
  const java = (await findJava()).command!
  const guard = startGuard(folder, () => {})
  const launch = (wantedPort?: number) => startKafka(guard, { dataHome: folder, java, lib, wantedPort, ...options })
  const stop = async () => {
    await guard.stop()
    await rm(folder, { recursive: true, force: true })
  }
  const { broker: address } = await launch().catch(async (error) => {
    await stop()
    throw error
  })
  const pidFile = path.join(folder, 'kafka', 'pid')
  return {
    address,
    folder,
    kill: async () => {
      const pid = Number(readFileSync(pidFile, 'utf8'))
      process.kill(pid, 'SIGKILL')
      while (isRunning(pid) || existsSync(pidFile)) await sleep(20)
    },
    start: async () => {
      const launched = await launch(Number(address.split(':')[1]))
      if (launched.broker !== address) throw new Error('Somebody took the port of Kafka')
    },
    stop,
  }
}

/** A broker for the tests of one file, who keep apart by the prefix of their topics. */
export function createTestBroker(): Broker {
  const broker = {} as Broker
  beforeAll(async () => {
    Object.assign(broker, await startBroker())
  })
  afterAll(() => broker.stop?.())
  return broker
}

export type Letter = { value: string; headers: Record<string, string>; key: string }
export type Topics = {
  prefix: string
  settings: KafkaSettings
  /** What switches a service on to these topics. */
  env: Record<string, string>
  /** Objects are sent as JSON, with the customer, or else the item, as key. */
  send(topic: TopicName, messages: (object | string | Buffer)[], options?: { partition?: number }): Promise<void>
  deadLetters(): Promise<Letter[]>
}

let count = 0

/** Topics and a group of one test's own. */
export async function createTopics(
  { address }: Pick<Broker, 'address'>,
  more: Partial<KafkaSettings> = {},
): Promise<Topics> {
  const prefix = `test-${process.pid}-${++count}.`
  const group = `${prefix}group`
  const settings: KafkaSettings = { brokers: [address], group, prefix, tls: undefined, sasl: undefined, ...more }
  await ensureTopics(settings)
  return {
    prefix,
    settings,
    env: { KAFKA_BROKERS: address, KAFKA_GROUP: group, KAFKA_TOPIC_PREFIX: prefix },
    send: async (topic, messages, { partition } = {}) => {
      const producer = createProducer(settings)
      await producer.send({
        messages: messages.map((message) => ({
          topic: prefix + topic,
          ...(partition === undefined ? {} : { partition }),
          ...(typeof message === 'string' || Buffer.isBuffer(message)
            ? { value: Buffer.from(message as string) }
            : { key: Buffer.from(keyOf(message)), value: Buffer.from(JSON.stringify(message)) }),
        })),
      })
      await producer.close()
    },
    deadLetters: async () => {
      const topic = prefix + DEAD_LETTERS
      const session = await openSession({ ...settings, group: `${group}-look-${++count}` }, [topic])
      try {
        await session.refresh()
        const total = session.lag(topic)
        const letters: Letter[] = []
        while (letters.length < total) {
          for (const { key, value, headers } of await session.fetch(new Set([topic]))) {
            const texts = headers.map(([name, text]) => [name.toString(), text.toString()] as const)
            letters.push({ key: key.toString(), value: value.toString(), headers: Object.fromEntries(texts) })
          }
        }
        return letters
      } finally {
        await session.close()
      }
    },
  }
}

const keyOf = (message: object) => {
  const { customerId, id } = message as { customerId?: string; id?: string }
  return customerId ?? id ?? ''
}

/** One number of /metrics; 0 while nothing of it was counted. */
export async function metric(
  { url }: Pick<TestApp, 'url'>,
  name: string,
  labels: Record<string, string> = {},
): Promise<number> {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  const text = await (await fetch(`${url}/metrics`)).text()
  const line = text
    .split('\n')
    .find((one) => one.startsWith(`${name}{`) && wanted.every((label) => one.includes(label)))
  return line ? Number(line.split(' ').at(-1)) : 0
}

/** How many messages of a topic were done, one way or another. */
export async function done(app: Pick<TestApp, 'url'>, topic: TopicName): Promise<number> {
  const outcomes = ['accepted', 'duplicate', 'rejected']
  const counts = await Promise.all(
    outcomes.map((outcome) => metric(app, 'alongside_kafka_messages_total', { topic, outcome })),
  )
  return counts.reduce((sum, one) => sum + one, 0)
}

export const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 120_000, interval: 100 })
