import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { ApolloServer } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled'
import { expressMiddleware } from '@as-integrations/express5'
import express from 'express'
import type { App } from '../../src/app.ts'
import { signToken } from '../../src/auth/viewer.ts'
import { type Context, createContext } from '../../src/context.ts'
import { loadJourney } from '../../src/ingest/load.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { PROJECT_ROOT } from '../../src/root.ts'
import { createBareSchema } from '../../src/schema.ts'
import { asking } from '../support/viewers.ts'
import { type Bench, quantile, summary } from './bench.ts'
import type { Order, Report } from './client.ts'

const SECONDS = 4
const TURNS = 7
const IN_FLIGHT = 16
const HOSTILE_EVERY_MS = 20
const HOSTILE = {
  '10,000 aliases': `{ ${Array.from({ length: 10_000 }, (_, n) => `a${n}: __typename`).join(' ')} }`,
  'depth 450': `{ categories { ${'parents { '.repeat(450)}id${' }'.repeat(450)} } }`,
  'fragments that double 40 times': `{ products { ...f0 } } ${Array.from({ length: 40 }, (_, n) => `fragment f${n} on Product { ...f${n + 1} ...f${n + 1} }`).join(' ')} fragment f40 on Product { id }`,
  'lists in lists in lists': '{ customers(limit: 100) { orders(limit: 100) { products(limit: 100) { id } } } }',
}
const QUERIES = {
  'one product': '{ product(id: "PRODUCT") { id name price } }',
  '20 products and their categories': '{ products(limit: 20) { id name price categories { id name } } }',
  'crossSell of 10':
    '{ crossSell(customerId: "CUSTOMER") { items { score reason product { id name } evidence { kind contribution } } } }',
}

/** All guards together, beside the same schema and services with none; then refusing what is hostile, beside a bystander. */
export default async function guards({ graph, startApp, dataDir, sample, row, note }: Bench): Promise<void> {
  await loadJourney(graph, { dataDir: dataDir ?? sample })
  const app = await startApp({ RATE_LIMIT: '1000000000' })
  await app.services.model.activate(await app.services.model.train())
  const bare = await unguarded(app)
  const token = await signToken({ role: 'ADMIN', subject: 'bench' }, app.tokens)
  const clients = [startClient(), startClient()] as const
  const [customer] = await graph.query('load/customer-ids', { after: '', limit: 1 })
  const [product] = await graph.query('load/product-ids', { after: '', limit: 1 })
  const filled = (query: string) => query.replace('CUSTOMER', customer!.id).replace('PRODUCT', product!.id)
  try {
    note(
      `${IN_FLIGHT} in flight for ${SECONDS} s, ${TURNS} turns each by turns; medians, the share of each pair of turns`,
    )
    for (const [what, query] of Object.entries(QUERIES)) {
      const order = { token, query: filled(query), seconds: SECONDS, inFlight: IN_FLIGHT }
      const turns: { without: Turn; withAll: Turn }[] = []
      for (let turn = -1; turn < TURNS; turn++) {
        const without = await turnOf(clients[0], { ...order, url: bare.url })
        const withAll = await turnOf(clients[0], { ...order, url: app.url })
        if (turn >= 0) turns.push({ without, withAll })
      }
      const median = (of: (pair: (typeof turns)[number]) => number) => round(quantile(turns.map(of), 0.5))
      row({
        what,
        'a second without': median(({ without }) => without.perSecond),
        'with all guards': median(({ withAll }) => withAll.perSecond),
        share: median(({ without, withAll }) => withAll.perSecond / without.perSecond),
        'CPU ms of Node without': median(({ without }) => without.cpuMs),
        'with all': median(({ withAll }) => withAll.cpuMs),
      })
    }

    note(
      `a hostile operation every ${HOSTILE_EVERY_MS} ms, each kind by itself, by turns with none; the share of each pair of turns`,
    )
    const usual = { url: app.url, token, inFlight: 1 }
    const bystander = { ...usual, query: filled(QUERIES['20 products and their categories']), seconds: 2 }
    row(
      summary(
        'the smallest operation: answered',
        (await asked(clients[1], { ...usual, query: '{ __typename }', rounds: 500 })).took,
      ),
    )
    for (const [what, query] of Object.entries(HOSTILE)) {
      const attack = { ...usual, query, rounds: 100, everyMs: HOSTILE_EVERY_MS }
      const refused: number[] = []
      const ratios: number[] = []
      for (let turn = 0; turn < TURNS; turn++) {
        const alone = await asked(clients[0], bystander)
        const [beside, hostile] = await Promise.all([asked(clients[0], bystander), asked(clients[1], attack)])
        if (hostile.errors < hostile.took.length) throw new Error(`${what} was answered`)
        refused.push(...hostile.took)
        ratios.push(quantile(beside.took, 0.5) / quantile(alone.took, 0.5))
      }
      row({ ...summary(`${what}: refused`, refused), bystander: round(quantile(ratios, 0.5)) })
    }
  } finally {
    for (const client of clients) client.kill()
    await bare.stop()
  }
}

type Turn = { perSecond: number; cpuMs: number }
async function turnOf(client: ChildProcess, order: Order & { seconds: number }): Promise<Turn> {
  const before = process.cpuUsage()
  const { took, errors } = await asked(client, order)
  if (errors > 0) throw new Error(`${errors} errors`)
  const { user, system } = process.cpuUsage(before)
  return { perSecond: took.length / order.seconds, cpuMs: (user + system) / 1_000 / took.length }
}

const startClient = () => fork(path.join(PROJECT_ROOT, 'test/bench/client.ts'))
async function asked(client: ChildProcess, order: Order): Promise<Report> {
  client.send(order)
  const [report] = (await once(client, 'message')) as [Report]
  return report
}

const round = (value: number) => Math.round(value * 1_000) / 1_000

/** Apollo over the schema before any rule was put on it: no token, no admission, no shield, no limits, no headers. */
async function unguarded({ driver, graph, services }: App) {
  const apollo = new ApolloServer<Context>({
    schema: await createBareSchema(driver),
    csrfPrevention: false,
    persistedQueries: false,
    plugins: [ApolloServerPluginLandingPageDisabled(), ApolloServerPluginCacheControlDisabled()],
  })
  await apollo.start()
  const { viewer, identity } = asking('ADMIN')
  const parts = {
    services,
    graph,
    identity,
    limiter: { take: async () => ({ allowed: true as const }) },
    uses: { count: () => {} },
    log: createLogger('silent'),
    sessionConfig: { bookmarkManager: driver.executeQueryBookmarkManager },
  }
  const nothing = new AbortController().signal
  const context = async () =>
    createContext(parts, viewer, nothing, { verdict: { kind: 'wrong', errors: [] }, language: 'EN' })
  const http = createServer(express().use('/graphql', express.json(), expressMiddleware(apollo, { context })))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    stop: async () => {
      await apollo.stop()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}
