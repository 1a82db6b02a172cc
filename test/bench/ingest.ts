import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { signToken } from '../../src/auth/viewer.ts'
import { loadConfig } from '../../src/config.ts'
import { startEmbedded } from '../../src/embedded/index.ts'
import { findCsv, readCsv } from '../../src/ingest/csv.ts'
import { ensureTopics, type KafkaSettings } from '../../src/ingest/kafka/client.ts'
import { createProducer, sendAll } from '../../src/ingest/kafka/dead-letters.ts'
import { loadJourney } from '../../src/ingest/load.ts'
import { ORDER_COLUMNS, OrderBatch, OrderLines } from '../../src/ingest/orders.ts'
import { PROJECT_ROOT } from '../../src/root.ts'
import { type Bench, quantile, summary, time } from './bench.ts'

const AIM = 3_000
const ASK_EVERY_MS = 100
const IDLE_ROUNDS = 300
const WARM_UP = 50
const ORDERS_A_SEND = 500
const SECRET = 'a secret of the bench, long enough to be one'
const QUERY = `query ($id: ID!) { crossSell(customerId: $id, first: 10) {
  items { rank score reason otherContribution product { id name price } evidence { kind contribution share reason } } } }`

/**
 * Orders through Kafka into a graph that holds the sample and a model of it, with the service as a process of its own; then the same
 * messages again by another group. Beside it somebody asks for offers of the sample's customers, ten times a second.
 */
export default async function ingest(bench: Bench): Promise<void> {
  const { graph, driver, startApp, sample, dataDir, minutes, row, note } = bench
  await loadJourney(graph, { dataDir: sample })
  const trainer = await startApp({ SNAPSHOTS: 'off' })
  await trainer.services.model.activate(await trainer.services.model.train())
  const folder = mkdtempSync(path.join(os.tmpdir(), 'alongside-bench-ingest-'))
  const kafka = await startEmbedded({
    dataHome: folder,
    jarsHome: loadConfig({}).dataHome,
    ports: 'free',
    neo4j: false,
    redis: false,
    kafka: true,
  })
  try {
    const brokers = [kafka.kafka!.broker]
    const wanted = Math.round(minutes * 60 * AIM)
    const sent = await produce(
      { brokers, group: 'bench', prefix: '', tls: undefined, sasl: undefined },
      dataDir ?? sample,
      wanted,
    )
    note(`${sent.lines} lines of ${sent.orders} orders wait in Kafka; the aim is ${AIM} lines a second`)
    const customers = await someCustomers(driver)

    const measure = async (what: string, group: string) => {
      const service = await startService(bench, folder, { KAFKA_BROKERS: '', KAFKA_GROUP: group })
      // Until all offers are kept it is not idle.
      while (!(await service.hasKeptAll())) await sleep(500)
      const idle = await time((round) => service.ask(customers, round), IDLE_ROUNDS, WARM_UP)
      await service.stop()
      const reading = await startService(bench, folder, { KAFKA_BROKERS: brokers.join(), KAFKA_GROUP: group })
      const started = performance.now()
      const beside: number[] = []
      const rss: number[] = []
      for (let round = 0; (await reading.done()) < sent.orders; round++) {
        const asked = performance.now()
        await reading.ask(customers, round)
        // Warmed up as the idle one is.
        if (round >= WARM_UP) beside.push(performance.now() - asked)
        rss.push(reading.rssMb())
        await sleep(Math.max(0, ASK_EVERY_MS - (performance.now() - asked)))
      }
      const seconds = (performance.now() - started) / 1_000
      const at = (share: number) => Math.round(rss[Math.min(rss.length - 1, Math.floor(share * rss.length))]!)
      row({
        what,
        'lines a second': Math.round(sent.lines / seconds),
        seconds: Math.round(seconds),
        accepted: await reading.count('accepted'),
        duplicates: await reading.count('duplicate'),
        'RSS MB 10 %, half, end': `${at(0.1)}, ${at(0.5)}, ${at(1)}`,
      })
      if (beside.length >= WARM_UP)
        row({
          ...summary(`crossSell beside: ${what}`, beside, idle),
          'idle p99 ms': Math.round(quantile(idle, 0.99)),
          'p99 ratio': Math.round((quantile(beside, 0.99) / quantile(idle, 0.99)) * 100) / 100,
        })
      for (const [statement, total] of await reading.statements()) note(`${what}: ${statement} ${total} s`)
      await reading.stop()
      return seconds
    }
    // What orders write. (Offers are kept meanwhile, too: those are the model's.)
    const written = async () => {
      const text = `RETURN toFloat(COUNT { (:Order) }) AS orders, toFloat(COUNT { (:Event) }) AS events, toFloat(COUNT { ()-[:CONTAINS]->() }) AS lines,
        COLLECT { MATCH ()-[b:BOUGHT]->() RETURN [toFloat(count(b)), toFloat(sum(b.orders)), sum(b.quantity), round(sum(b.value), 2)] } AS bought,
        toFloat(COUNT { ()-[r]->() WHERE NOT type(r) STARTS WITH 'RECOMMENDED' }) AS relationships`
      return JSON.stringify((await driver.executeQuery(text)).records[0]!.toObject())
    }
    const first = await measure('new orders', 'bench')
    const before = await written()
    const again = await measure('the same again', 'bench-again')
    note(`replay: ${Math.round((first / again) * 100) / 100} times as fast`)
    const after = await written()
    note(`before it ${before}, after it ${after === before ? 'the same' : after}`)
  } finally {
    await kafka.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Orders of the data, with ids that the sample does not have, over and over under new ids where there are too few. */
async function produce(settings: KafkaSettings, dataDir: string, lines: number) {
  await ensureTopics(settings)
  const producer = createProducer(settings)
  const sent = { lines: 0, orders: 0 }
  const flush = async (batch: OrderBatch, round: number) => {
    const messages = batch.rows().map(({ id, customerId, placedAt, storeId, lines }) => {
      const order = { id: `k${round}-${id}`, customerId: `k${round}-${customerId}`, placedAt, storeId, lines }
      sent.lines += lines.length
      sent.orders++
      return { topic: 'orders', key: Buffer.from(order.customerId), value: Buffer.from(JSON.stringify(order)) }
    })
    await sendAll(producer, messages)
  }
  for (let round = 0; sent.lines < lines; round++) {
    const reader = new OrderLines(undefined)
    let batch = new OrderBatch()
    for await (const { entries } of readCsv(findCsv(dataDir, 'order_lines')!, ORDER_COLUMNS)) {
      for (const entry of entries) {
        if (!('row' in entry)) continue
        const line = reader.parse(entry.row)!
        if (line.first && batch.length >= ORDERS_A_SEND) {
          await flush(batch, round)
          batch = new OrderBatch()
        }
        batch.add(line)
      }
      if (sent.lines >= lines) break
    }
    if (sent.lines < lines) await flush(batch, round)
  }
  await producer.close()
  return sent
}

async function startService({ neo4j, redis }: Bench, folder: string, settings: Record<string, string>) {
  const dataHome = path.join(folder, 'service')
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    cwd: PROJECT_ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      PORT: '0',
      DATA_HOME: dataHome,
      JWT_SECRET: SECRET,
      PII_KEY: randomBytes(32).toString('base64'),
      NEO4J_URI: neo4j.uri,
      NEO4J_PASSWORD: neo4j.password,
      REDIS_URL: redis.url,
      RATE_LIMIT: '0',
      LOG_LEVEL: 'error',
      ...settings,
    },
  })
  const url = await urlOf(child, path.join(dataHome, 'run.json'))
  const token = await signToken(
    { role: 'MARKETER', subject: 'bench' },
    { secret: SECRET, issuer: 'alongside', audience: 'alongside' },
  )
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  type Data = { models: { status: string; snapshotProgress: number | null }[] }
  const post = async (query: string, variables: object = {}): Promise<Data> => {
    const body = JSON.stringify({ query, variables })
    const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body })
    const { data, errors } = (await answer.json()) as { data: Data; errors?: unknown }
    if (errors) throw new Error(JSON.stringify(errors))
    return data
  }
  const metrics = async () => (await fetch(`${url}/metrics`)).text()
  const count = async (outcome?: string) => {
    const counts = [...(await metrics()).matchAll(/^alongside_kafka_messages_total\{.*outcome="(\w+)"\} (\d+)/gm)]
    return counts.reduce((sum, [, of, n]) => sum + (outcome === undefined || of === outcome ? Number(n) : 0), 0)
  }
  return {
    ask: (customers: readonly string[], round: number) => post(QUERY, { id: customers[round % customers.length] }),
    hasKeptAll: async () => {
      const { models } = await post('{ models { status snapshotProgress } }')
      return models.some(({ status, snapshotProgress }) => status === 'ACTIVE' && snapshotProgress === 1)
    },
    done: () => count(),
    count,
    rssMb: () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1024,
    /** Where the time went, the most first. */
    statements: async () => {
      const sums = [
        ...(await metrics()).matchAll(/^alongside_statement_seconds_sum\{statement="([^"]+)".*\} ([\d.e-]+)/gm),
      ]
      const totals = sums.map(([, name, total]) => [name!, Math.round(Number(total) * 10) / 10] as const)
      return totals.sort((a, b) => b[1] - a[1]).slice(0, 8)
    },
    stop: async () => {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

async function urlOf(child: ChildProcess, runFile: string): Promise<string> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The service ended with ${child.exitCode}`)
    const text = existsSync(runFile) ? readFileSync(runFile, 'utf8') : ''
    // Half written, or of the one before.
    if (text.includes(`"pid": ${child.pid}`) && text.endsWith('}')) return (JSON.parse(text) as { url: string }).url
    await sleep(50)
  }
}

async function someCustomers(driver: Bench['driver']): Promise<string[]> {
  const text = 'MATCH (c:Customer) WHERE EXISTS { (c)-[:BOUGHT]->() } RETURN c.id AS id ORDER BY id LIMIT 100'
  return (await driver.executeQuery(text)).records.map((record) => record.get('id') as string)
}
