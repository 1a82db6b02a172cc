import { type Client, createClient } from 'graphql-ws'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { createTestApp, startTestApp, type TestApp } from '../support/app.ts'
import { day, order, record } from '../support/shop.ts'

type Closed = { code: number; reason: string }
const SUBSCRIBE =
  'subscription ($id: ID) { orderRecorded(customerId: $id) { id value products { id } customer { id } } }'

describe('GraphQL over WebSocket', () => {
  const app = createTestApp()
  let other: TestApp
  const clients: Client[] = []

  beforeAll(async () => {
    other = await startTestApp()
    return () => other.stop()
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose()
  })

  function connect(to: Pick<TestApp, 'url'>, token?: string) {
    let onClosed: (closed: Closed) => void
    const closed = new Promise<Closed>((resolve) => {
      onClosed = resolve
    })
    const client = createClient({
      url: `${to.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      lazy: false,
      onNonLazyError: () => {},
      connectionParams: token === undefined ? {} : { authorization: `Bearer ${token}` },
      on: { closed: (event) => onClosed(event as Closed) },
    })
    clients.push(client)
    return { client, closed }
  }

  /** What a subscription brings, as it comes. */
  function listen(client: Client, query: string, variables: Record<string, unknown> = {}) {
    // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever shape its query asked for
    const results: any[] = []
    const failed: unknown[] = []
    const stop = client.subscribe(
      { query, variables },
      { next: (result) => results.push(result), error: (error) => failed.push(error), complete: () => {} },
    )
    return { results, failed, stop }
  }
  const first = async (client: Client, query: string) => {
    for await (const result of client.iterate({ query })) return result
    throw new Error('It ended without a result')
  }
  /** Subscribing is over when the bus knows of one more listener; a marker order tells without waiting blindly. */
  async function untilHeard(results: unknown[], send: () => Promise<unknown>) {
    await expect
      .poll(
        async () => {
          if (results.length === 0) await send()
          return results.length
        },
        { timeout: 15_000, interval: 500 },
      )
      .toBeGreaterThan(0)
  }

  it('accepts a socket without a token and answers each operation with UNAUTHENTICATED', async () => {
    const { client } = connect(app)
    const { results, failed } = listen(client, SUBSCRIBE)
    await expect.poll(() => results.length + failed.length).toBe(1)
    expect(JSON.stringify([results, failed])).toContain('UNAUTHENTICATED')
    await expect(first(client, '{ me { role } }')).rejects.toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    expect(await first(client, '{ __typename }')).toEqual({ data: { __typename: 'Query' } })
  })

  it('closes a socket with a bad token with 4403', async () => {
    expect((await connect(app, 'not-a-token').closed).code).toBe(4403)
  })

  it('closes a socket with an expired token with 4403', async () => {
    expect((await connect(app, await app.token('MARKETER', { ttl: '-5s' })).closed).code).toBe(4403)
  })

  it('closes a socket with 4403 when its token expires', async () => {
    const { client, closed } = connect(app, await app.token('MARKETER', { ttl: '3s' }))
    expect(await first(client, '{ me { role } }')).toEqual({ data: { me: { role: 'MARKETER' } } })
    expect((await closed).code).toBe(4403)
  })

  it('brings an order recorded on one instance to subscribers of another, filtered by customer', async () => {
    const { client } = connect(other, await app.token('MARKETER'))
    const mine = listen(client, SUBSCRIBE, { id: 'c1' })
    const all = listen(client, SUBSCRIBE)
    let n = 0
    await untilHeard(all.results, () => record(app, [order(`warm-${n++}`, 'c2', day(1), ['p1'])]))
    await untilHeard(mine.results, () => record(app, [order(`o-${n++}`, 'c1', day(2), ['p1', 'p2'])]))
    for (const { data, errors } of mine.results) {
      expect(errors).toBeUndefined()
      expect(data.orderRecorded.customer).toEqual([{ id: 'c1' }])
      expect(data.orderRecorded.value).toBe(2)
    }
    expect(all.results.some(({ data }) => data.orderRecorded.customer[0].id === 'c2')).toBe(true)
    expect(mine.results.some(({ data }) => data.orderRecorded.customer[0].id === 'c2')).toBe(false)
  })

  it('reads an order anew for each of its revisions', async () => {
    const { client } = connect(app, await app.token('MARKETER'))
    const { results } = listen(client, SUBSCRIBE, { id: 'c-rev' })
    let revision = 0
    const send = () => {
      revision++
      return record(app, [
        { ...order('revised', 'c-rev', day(3), [{ productId: 'p1', quantity: 1, value: revision }]), revision },
      ])
    }
    await untilHeard(results, send)
    const heard = results.length
    await send()
    await expect.poll(() => results.length).toBeGreaterThan(heard)
    expect(results.at(-1).data.orderRecorded.value).toBe(revision)
  })

  it('refuses a subscription to a role that may not have it, before its source starts', async () => {
    const { client } = connect(app, await app.token('STOREFRONT'))
    const { results, failed } = listen(client, SUBSCRIBE)
    await expect.poll(() => results.length + failed.length).toBe(1)
    expect(JSON.stringify([results, failed])).toContain('FORBIDDEN')
  })

  it('closes its sockets with 1001 when it stops', async () => {
    const leaving = await startTestApp()
    const { client, closed } = connect(leaving, await app.token('MARKETER'))
    await first(client, '{ me { role } }')
    await leaving.stop()
    expect((await closed).code).toBe(1001)
  })
})
