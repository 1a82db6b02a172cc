import { pages } from '../graph/pages.ts'
import type { Graph } from '../graph/query.ts'
import { changeContacts, NO_CONTACTS } from '../pii/contacts.ts'
import type { Vault } from '../pii/vault.ts'
import { Lanes } from './lanes.ts'
import type { LoadOptions } from './load.ts'
import { syntheticAttributes, syntheticContacts } from './synthetic.ts'

const CUSTOMERS = 50
const PRODUCTS = 2_000
const LANES = 2
const TIMEOUT_MS = 120_000

/** What follows from the orders: BOUGHT, what each customer bought in all, prices; and, where asked for, what the data lacks. */
export async function derive(graph: Graph, options: LoadOptions): Promise<void> {
  const timeout = { timeoutMs: TIMEOUT_MS }
  const { syntheticContacts: vault } = options
  await page(graph, 'load/customer-ids', CUSTOMERS, options, async (customerIds) => {
    await graph.transaction(async (tx) => {
      // In this order: who has BOUGHT only after the second statement is not looked at twice.
      await tx.query('load/bought', { customerIds })
      await tx.query('load/first-bought', { customerIds })
      await tx.query('order/summary', { customerIds })
      if (vault) await tx.query('load/synthetic', { rows: customerIds.map((id) => synthetic(id, vault)) })
    }, timeout)
  })
  await page(graph, 'load/product-ids', PRODUCTS, options, async (productIds) => {
    await graph.query('load/prices', { productIds }, timeout)
  })
}

const synthetic = (id: string, vault: Vault) => ({
  ...syntheticAttributes(id),
  ...changeContacts(vault, id, NO_CONTACTS, syntheticContacts(id)),
})

async function page(
  graph: Graph,
  statement: 'load/customer-ids' | 'load/product-ids',
  limit: number,
  { onProgress = () => {}, signal }: LoadOptions,
  each: (ids: string[]) => Promise<void>,
): Promise<void> {
  const file = statement === 'load/customer-ids' ? 'customers' : 'prices'
  const lanes = new Lanes(LANES, 0)
  let rows = 0
  try {
    for await (const found of pages((after, limit) => graph.query(statement, { after, limit }), limit)) {
      const ids = found.map(({ id }) => id)
      rows += ids.length
      await lanes.start(rows, async () => {
        signal?.throwIfAborted()
        await each(ids)
        onProgress({ file, rows: lanes.reached, share: 0 })
      })
    }
  } finally {
    await lanes.settle()
  }
  await lanes.end()
  onProgress({ file, rows, share: 1 })
}
