import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ApolloServer } from '@apollo/server'
import { expressMiddleware } from '@as-integrations/express5'
import express from 'express'
import type { App } from '../../src/app.ts'
import { signToken } from '../../src/auth/viewer.ts'
import { type Context, createContext } from '../../src/context.ts'
import { loadJourney } from '../../src/ingest/load.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { createBareSchema } from '../../src/schema.ts'
import { asking } from '../support/viewers.ts'
import { type Bench, quantile, summary, time } from './bench.ts'

const SECONDS = 8
const TURNS = 3
const IN_FLIGHT = 16
const HOSTILE_A_SECOND = 50
const HOSTILE = [
  `{ ${Array.from({ length: 10_000 }, (_, n) => `a${n}: __typename`).join(' ')} }`,
  `{ categories { ${'parents { '.repeat(450)}id${' }'.repeat(450)} } }`,
  `{ products { ...f0 } } ${Array.from({ length: 40 }, (_, n) => `fragment f${n} on Product { ...f${n + 1} ...f${n + 1} }`).join(' ')} fragment f40 on Product { id }`,
  '{ customers(limit: 100) { orders(limit: 100) { products(limit: 100) { id } } } }',
]
const QUERIES = {
  'one product': '{ product(id: "PRODUCT") { id name price } }',
  '20 products and their categories': '{ products(limit: 20) { id name price categories { id name } } }',
  'crossSell of 10':
    '{ crossSell(customerId: "CUSTOMER") { items { score reason product { id name } evidence { kind contribution } } } }',
}

/** All guards together, beside the same schema and services with none; then refusing what is hostile, beside a bystander. */
export default async function guards({ graph, startApp, dataDir, sample, row, note }: Bench): Promise<void> {
  await loadJourney(graph, { dataDir: dataDir ?? sample })
  const app = await startApp()
  await app.services.model.activate(await app.services.model.train())
  const open = await unguarded(app)
  const token = await signToken({ role: 'ADMIN', subject: 'bench' }, app.tokens)
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const ask = async (url: string, query: string) => {
    const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })
    return (await answer.json()) as { errors?: unknown }
  }
  const [customer] = await graph.query('load/customer-ids', { after: '', limit: 1 })
  const [product] = await graph.query('load/product-ids', { after: '', limit: 1 })
  const filled = (query: string) => query.replace('CUSTOMER', customer!.id).replace('PRODUCT', product!.id)
  note(`${IN_FLIGHT} in flight for ${SECONDS} s, ${TURNS} turns each, in turn; the median turn`)
  try {
    for (const [what, query] of Object.entries(QUERIES)) {
      const counts = { open: [] as number[], guarded: [] as number[] }
      for (let turn = -1; turn < TURNS; turn++) {
        for (const [name, url] of [
          ['open', open.url],
          ['guarded', app.url],
        ] as const) {
          const count = await throughput(() => ask(url, filled(query)))
          if (turn >= 0) counts[name].push(count)
        }
      }
      const [without, withAll] = [quantile(counts.open, 0.5), quantile(counts.guarded, 0.5)]
      const share = Math.round((withAll / without) * 100) / 100
      row({ what, 'a second without': Math.round(without), 'with all guards': Math.round(withAll), share })
    }

    const bystander = filled(QUERIES['20 products and their categories'])
    const alone = await time(() => ask(app.url, bystander), 400, 100)
    const refusals: number[] = []
    let next = 0
    const attack = setInterval(async () => {
      const started = performance.now()
      const { errors } = await ask(app.url, HOSTILE[next++ % HOSTILE.length]!)
      if (!errors) throw new Error('A hostile operation was answered')
      refusals.push(performance.now() - started)
    }, 1_000 / HOSTILE_A_SECOND)
    const beside = await time(() => ask(app.url, bystander), 400, 100)
    clearInterval(attack)
    note(`${HOSTILE_A_SECOND} hostile operations a second: aliases, depth, doubling fragments, lists in lists`)
    row(summary('a bystander alone', alone))
    row(summary('a bystander beside them', beside, alone))
    row(summary('a hostile operation refused', refusals))
  } finally {
    await open.stop()
  }
}

/** Answers a second. */
async function throughput(work: () => Promise<{ errors?: unknown }>): Promise<number> {
  const until = performance.now() + SECONDS * 1_000
  let done = 0
  const worker = async () => {
    while (performance.now() < until) {
      const { errors } = await work()
      if (errors) throw new Error(JSON.stringify(errors))
      done++
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
  return done / SECONDS
}

/** Apollo over the schema before any rule was put on it: no token, no admission, no shield, no limits. */
async function unguarded({ driver, graph, services }: App) {
  const apollo = new ApolloServer<Context>({ schema: await createBareSchema(driver), csrfPrevention: false })
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
  const context = async () => createContext(parts, viewer, nothing, { kind: 'wrong', errors: [] })
  const http = createServer(
    express().use('/graphql', express.json({ limit: '5mb' }), expressMiddleware(apollo, { context })),
  )
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    stop: async () => {
      await apollo.stop()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}
