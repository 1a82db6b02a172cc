import type { Graph } from '../graph/query.ts'
import type { LoadOptions } from './load.ts'
import { syntheticAttributes } from './synthetic.ts'

const CUSTOMERS = 50
const PRODUCTS = 2_000
const TIMEOUT_MS = 120_000

/** What follows from the orders: BOUGHT, prices; and, where asked for, what the data lacks. */
export async function derive(
  graph: Graph,
  { syntheticContacts, onProgress = () => {}, signal }: LoadOptions,
): Promise<void> {
  await page(graph, 'load/customer-ids', CUSTOMERS, signal, async (customerIds, rows) => {
    await graph.query('load/bought', { customerIds }, { timeoutMs: TIMEOUT_MS })
    if (syntheticContacts) await graph.query('load/synthetic', { rows: customerIds.map(syntheticAttributes) })
    onProgress({ file: 'customers', rows, share: 0 })
  })
  await page(graph, 'load/product-ids', PRODUCTS, signal, async (productIds, rows) => {
    await graph.query('load/prices', { productIds }, { timeoutMs: TIMEOUT_MS })
    onProgress({ file: 'prices', rows, share: 0 })
  })
}

async function page(
  graph: Graph,
  statement: 'load/customer-ids' | 'load/product-ids',
  limit: number,
  signal: AbortSignal | undefined,
  each: (ids: string[], rows: number) => Promise<void>,
): Promise<void> {
  let after = ''
  for (let rows = 0; ; ) {
    signal?.throwIfAborted()
    const ids = (await graph.query(statement, { after, limit })).map(({ id }) => id)
    if (ids.length === 0) return
    rows += ids.length
    await each(ids, rows)
    after = ids.at(-1)!
  }
}
