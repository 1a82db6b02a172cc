import { histories } from '../../engine/history.ts'
import { type PlacedOrder, type Purchases, toPurchases } from '../../engine/purchases.ts'
import { allPages } from '../../graph/pages.ts'
import type { Graph } from '../../graph/query.ts'
import { categoryIds } from '../catalog/merchandise.ts'
import type { Parameters } from '../model/parameters.ts'
import type { Data, World } from './kinds/kind.ts'
import { inParts, TIMEOUT_MS } from './kinds/shelf.ts'

const PAGE = 200
const slow = { timeoutMs: TIMEOUT_MS }

export type Period = {
  /** Nothing at or after this instant is learned from. */
  until: Date
  asOf: Date
}

/** All there is to learn from in the graph before an instant. Memory: some 100 MB a million order lines. */
export async function readData(
  graph: Graph,
  { until, asOf }: Period,
  parameters: Parameters,
  onProgress: (share: number) => void = () => {},
): Promise<Data> {
  const customers = (await allPages((after, limit) => graph.query('model/customers', { after, limit }))).map(
    ({ id }) => id,
  )
  const orders: PlacedOrder[] = []
  let done = 0
  for (const customerIds of inParts(customers, PAGE)) {
    for (const row of await graph.query('model/purchases', { customerIds, until }, slow))
      orders.push({
        id: row.orderId,
        customerId: row.customerId,
        placedAt: Date.parse(row.placedAt),
        items: row.productIds,
      })
    done += customerIds.length
    onProgress(done / customers.length)
  }
  const purchases = toPurchases(orders)
  const products = await readProducts(graph)
  const typeOf = typesOf(products)
  const at = indexOf(purchases.customers)
  const members = (rows: { id: string; customerIds: string[] }[]) =>
    new Map(rows.map(({ id, customerIds }) => [id, indices(customerIds, at)]))
  const groups = await graph.query('model/groups', {}, slow)
  const responders = await graph.query('model/responders', { until }, slow)
  return toData(purchases, {
    asOf: asOf.getTime(),
    parameters,
    classOf: (item) => typeOf.get(item) ?? null,
    orders: (await graph.query('model/order-count', { until }))?.orders ?? 0,
    groups: members(groups.map(({ groupId: id, customerIds }) => ({ id, customerIds }))),
    responders: members(responders.map(({ campaignId: id, customerIds }) => ({ id, customerIds }))),
  })
}

/** Purchases and what else is known, made ready to learn from; the evaluation does so with types of products as items. */
export function toData(
  purchases: Purchases,
  about: Pick<Data, 'asOf' | 'orders' | 'groups' | 'responders'> & {
    parameters: Parameters
    classOf: (item: string) => string | null
  },
): Data {
  const { customers, items } = purchases
  const { asOf, orders, groups, responders, parameters, classOf } = about
  const known = histories(purchases, asOf, parameters)
  const ids = { customers, items, customerAt: indexOf(customers), itemAt: indexOf(items) }
  return { asOf, orders, groups, responders, purchases, ...ids, ...known, ...classesOf(items, classOf) }
}

/** What a model needs to answer: who there is, and what may be offered. */
export async function readWorld(graph: Graph, asOf: Date): Promise<{ world: World; products: ProductFacts[] }> {
  const customers = await readCustomers(graph)
  const products = await readProducts(graph)
  const items = products.map(({ id }) => id)
  const typeOf = typesOf(products)
  const classes = classesOf(items, (id) => typeOf.get(id) ?? null)
  const ids = { customers, items, customerAt: indexOf(customers), itemAt: indexOf(items) }
  return { world: { asOf: asOf.getTime(), ...ids, ...classes }, products }
}

export type ProductFacts = {
  id: string
  name: string
  department: string | null
  category: string | null
  type: string | null
  brand: string | null
  price: number | null
}

const readCustomers = async (graph: Graph): Promise<string[]> =>
  (await allPages((after, limit) => graph.query('load/customer-ids', { after, limit }))).map(({ id }) => id)

const readProducts = (graph: Graph): Promise<ProductFacts[]> =>
  allPages((after, limit) => graph.query('model/products', { after, limit }, slow))

function indices(ids: readonly string[], at: ReadonlyMap<string, number>): Int32Array {
  return Int32Array.from(ids.map((id) => at.get(id) ?? -1).filter((index) => index !== -1)).sort()
}

const indexOf = (ids: readonly string[]) => new Map(ids.map((id, at) => [id, at]))

const typesOf = (products: readonly ProductFacts[]) =>
  new Map(products.map(({ id, department, category, type }) => [id, categoryIds(department, category, type).typeId]))

/** An item of no class has index -1. */
function classesOf(items: readonly string[], classOf: (item: string) => string | null) {
  const classes = [...new Set(items.map(classOf))].filter((id) => id !== null).sort()
  const at = new Map<string | null, number>(classes.map((id, index) => [id, index]))
  return { classes, classOf: Int32Array.from(items, (item) => at.get(classOf(item)) ?? -1) }
}
