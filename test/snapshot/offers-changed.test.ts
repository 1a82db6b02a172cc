import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, startTestApp, type TestApp } from '../support/app.ts'
import { LAST_DAY, market, tell } from '../support/market.ts'
import { day, order, record, train } from '../support/shop.ts'
import { connectTo } from '../support/sockets.ts'

const SUBSCRIBE = `subscription ($id: ID!) { offersChanged(customerId: $id) { model { id } items { product { id } score } } }`
const CROSS_SELL = `query ($id: ID!) { crossSell(customerId: $id) { model { id } items { product { id } score } } }`
type List = { model: { id: string }; items: { product: { id: string }; score: number }[] }

describe.each(['on', 'off'])('Whoever watches a customer’s offers, with snapshots %s,', (snapshots) => {
  const app = createTestApp({ SNAPSHOTS: snapshots })
  const ends: (() => unknown)[] = []

  beforeAll(async () => {
    await tell(app, market())
    await train(app)
  })
  afterEach(async () => {
    for (const end of ends.splice(0)) await end()
  })

  async function watch(id: string, on: TestApp = app, given: Parameters<TestApp['token']> = ['MARKETER']) {
    const { client } = connectTo(on, await on.token(...given))
    ends.push(() => client.dispose())
    const lists: List[] = []
    const errors: unknown[] = []
    client.subscribe<{ offersChanged: List }>(
      { query: SUBSCRIBE, variables: { id } },
      {
        next: ({ data, errors: failed }) => (failed ? errors.push(...failed) : lists.push(data!.offersChanged)),
        error: (error) => errors.push(...[error].flat()),
        complete() {},
      },
    )
    return { lists, errors }
  }
  const offers = async (id: string): Promise<List> =>
    (await app.data(CROSS_SELL, { role: 'MARKETER', variables: { id } })).crossSell
  let n = 0
  const buy = (customerId: string, productId: string) =>
    record(app, [order(`bought-${snapshots}-${n++}`, customerId, day(LAST_DAY), [productId])])
  /** A subscription takes a moment to begin: until it has, what is bought is not heard of. */
  const heard = async (customerId: string, lists: List[]) => {
    const first = (await offers(customerId)).items[0]!.product.id
    await expect
      .poll(
        async () => {
          if (lists.length === 0) await buy(customerId, first)
          return lists.at(-1)?.items.map(({ product }) => product.id) ?? [first]
        },
        { timeout: 30_000, interval: 1_500 },
      )
      .not.toContain(first)
  }

  it('hears of them when the customer has bought something, as they are then', async () => {
    const { lists } = await watch('c03')
    await heard('c03', lists)
    await expect.poll(async () => lists.at(-1), { timeout: 20_000 }).toEqual(await offers('c03'))
  })

  it('on another instance as well', async () => {
    const other = await startTestApp({ SNAPSHOTS: snapshots })
    ends.unshift(other.stop)
    const { lists } = await watch('c05', other)
    await heard('c05', lists)
  })

  it('hears nothing of what changes nothing, nor of other customers', async () => {
    const [quiet, busy] = [await watch('c07'), await watch('c09')]
    await heard('c09', busy.lists)
    await buy('c11', 'p01')
    await heard('c09', (await watch('c09')).lists)
    expect(quiet).toEqual({ lists: [], errors: [] })
  })

  it('hears of them when another model answers', async () => {
    const { lists } = await watch('c13')
    await heard('c13', lists)
    const id = await app.services.model.train({ kinds: ['BOUGHT_WITH'] })
    await app.services.model.activate(id)
    await expect.poll(() => lists.at(-1)?.model.id, { timeout: 30_000 }).toBe(id)
    await app.data('mutation { rollbackModel { id } }', { role: 'ADMIN' })
    await expect.poll(() => lists.at(-1)?.model.id, { timeout: 30_000 }).not.toBe(id)
  })

  it('hears that there are none any more when the customer objects to profiling', async () => {
    const { lists } = await watch('c15')
    await heard('c15', lists)
    const object =
      'mutation { setConsent(customerId: "c15", channel: WEB, purpose: PROFILING, granted: false, source: "form") { id } }'
    await app.data(object, { role: 'PRIVACY_OFFICER' })
    await expect.poll(() => lists.at(-1)?.items, { timeout: 20_000 }).toEqual([])
  })

  it('is told that a customer does not exist, or may not be asked about', async () => {
    const { errors } = await watch('nobody')
    await expect.poll(() => errors, { timeout: 10_000 }).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    const stranger = await watch('c03', app, ['STOREFRONT', { customer: 'c04' }])
    await expect.poll(() => stranger.errors, { timeout: 10_000 }).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  })
})
