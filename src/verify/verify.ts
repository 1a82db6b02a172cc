import { allPages } from '../graph/pages.ts'
import type { Graph } from '../graph/query.ts'
import { seeded } from '../random.ts'
import { type Asked, type Check, check, checkList, checkRank, checkServed, type Offer, type Served } from './compare.ts'
import { draw } from './draw.ts'
import { createRecount, type Model } from './recount.ts'
import { createTally, type Report } from './report.ts'

type Where = { includeOwned: boolean }
type Ask = { customerId: string; model: string; evidence: number; where?: Where }
type Offers = { items: readonly Offer[] }

type Explained = Omit<Served, 'productId'> & { rank?: number | null }

/** What is verified. */
export type Service = {
  crossSell(ask: Ask & { first: number }, signal: AbortSignal): Promise<Offers>
  completeBasket(ask: Ask & { first: number; productIds: string[] }, signal: AbortSignal): Promise<Offers>
  explain(ask: Ask & { productId: string }, signal: AbortSignal): Promise<Explained>
}
export type Verification = {
  graph: Graph
  service: Service
  /** Default: the active one. */
  model: string | null
  /** How many customers. */
  sample: number
  seed: number
  onProgress?: (customers: number, share: number) => void
}

const FIRST = 10
const EVIDENCE = 50
const BASKET = 3
const EXPLAINED = 2
const slow = { timeoutMs: 600_000 }

/** Asks for a sample of customers, and counts every number of every answer again from the graph. */
export async function verify(task: Verification): Promise<Report> {
  const { graph, service, seed, sample, onProgress = () => {} } = task
  const model = (await graph.query('verify/model', { id: task.model })) as Model | null
  if (!model) throw new Error(task.model === null ? 'No model is active.' : `There is no model ${task.model}.`)
  const recount = createRecount(graph, model)
  const { signal } = new AbortController()
  const next = seeded(seed)
  const ordersKnown = await covers(graph, model)
  const measured = (await graph.query('verify/measured', { model: model.id }, slow)).map(({ id }) => id)
  const customers = draw(await customerIds(graph), sample, next)
  const tally = createTally()

  async function recounted(asked: Asked, served: Served): Promise<Check[]> {
    const { productId } = served
    const trend = await recount.trend(productId)
    const checks = checkServed(asked, served, await recount.score(asked, productId, trend))
    if (trend && ordersKnown) {
      const { kept, counted } = await recount.similar(asked.customerId, productId)
      checks.push(check(asked, productId, 'trend', trend.measured, trend.counted))
      checks.push(check(asked, productId, 'bought by similar customers', kept, counted))
    }
    return checks
  }

  async function list(asked: Asked, { items }: Offers): Promise<void> {
    const { customerId } = asked
    const productIds = items.map(({ productId }) => productId)
    const states = await graph.query('verify/state', { customerId, productIds, model: model!.id }, slow)
    tally.add(checkList(asked, items, new Map(states.map((state) => [state.productId, state]))))
    for (const offer of items) tally.add(await recounted(asked, offer))
  }

  async function customer(customerId: string): Promise<void> {
    const newcomer = (await graph.query('verify/owns', { customerId }))?.products === 0
    const ask = { customerId, model: model!.id, evidence: EVIDENCE }
    const about = { customerId, basket: [] }
    const fresh: Asked = { ...about, what: 'crossSell', question: newcomer ? 'newcomer' : 'crossSell' }
    const where = { includeOwned: true }
    const owned: Asked = { ...fresh, what: 'crossSell, includeOwned', question: newcomer ? 'newcomer' : 'nextBasket' }
    const offers = await service.crossSell({ ...ask, first: FIRST }, signal)
    await list(fresh, offers)
    await list(owned, await service.crossSell({ ...ask, first: FIRST, where }, signal))

    const [order] = draw(await graph.query('verify/baskets', { customerId }, slow), 1, next)
    const basket = draw(order?.productIds ?? [], BASKET, next)
    if (basket.length > 0) {
      const asked: Asked = { what: 'completeBasket', question: 'basket', customerId, basket }
      await list(asked, await service.completeBasket({ ...ask, first: FIRST, productIds: basket }, signal))
    }

    const explained: Asked = { ...fresh, what: 'explain' }
    const [offered] = draw(offers.items, 1, next)
    const others = [...draw(measured, EXPLAINED, next), ...basket.slice(0, 1)]
    for (const productId of new Set([...(offered ? [offered.productId] : []), ...others])) {
      const answer = await service.explain({ ...ask, productId }, signal)
      tally.add(await recounted(explained, { ...answer, productId }))
      if (offered?.productId === productId) tally.add([checkRank(explained, offered, answer.rank, offers.items)])
    }
  }

  for (const [at, id] of customers.entries()) {
    await customer(id)
    onProgress(at + 1, (at + 1) / customers.length)
  }
  return { model: model.id, asOf: model.asOf, customers: customers.length, ordersKnown, ...tally.done() }
}

/** Whether the orders there are now up to the model's last day are those it learned from. */
async function covers(graph: Graph, { id, until, metrics }: Model): Promise<boolean> {
  return (await graph.query('verify/orders', { until, model: id }, slow))?.orders === metrics.orders
}

const customerIds = async (graph: Graph): Promise<string[]> =>
  (await allPages((after, limit) => graph.query('verify/customers', { after, limit }, slow))).map(({ id }) => id)
