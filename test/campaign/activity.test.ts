import { type Client, createClient } from 'graphql-ws'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import type { Role } from '../../src/auth/viewer.ts'
import { createFeeds, forgetTold } from '../../src/events/feed.ts'
import { createTestApp, startTestApp, type TestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { day, emptyShop } from '../support/shop.ts'

const FOLLOW = `subscription ($id: ID!, $since: ID) { campaignActivity(campaignId: $id, since: $since) {
  cursor dropped interaction { id type channel customerId campaignId productId orderId at } } }`
const RECORD = `mutation ($interactions: [InteractionInput!]!) {
  recordInteractions(interactions: $interactions) { accepted rejected { message } } }`
type Told = { cursor: string; dropped: number; interaction: { id: string } & Record<string, unknown> }

describe('campaignActivity', () => {
  const app = createTestApp()
  let other: TestApp
  const clients: Client[] = []
  beforeAll(async () => {
    other = await startTestApp()
    return () => other.stop()
  })
  beforeEach(async () => {
    await emptyShop(app)
    for (const id of ['spring', 'autumn'])
      await cypher(app.driver, 'CREATE (:Campaign {id: $id, name: $id, startsAt: datetime($at), status: "RUNNING"})', {
        id,
        at: day(1),
      })
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose()
  })

  const happen = async (ids: string[], campaignId = 'spring', more = {}) => {
    const interactions = ids.map((id) => ({
      id,
      customerId: `c-${id}`,
      campaignId,
      type: 'OPENED',
      at: day(2),
      ...more,
    }))
    await app.data(RECORD, { role: 'INGEST', variables: { interactions } })
  }
  async function follow(on: Pick<TestApp, 'url'>, variables: { id: string; since?: string }, role: Role = 'ANALYST') {
    const token = await app.token(role)
    const client = createClient({
      url: `${on.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
    })
    clients.push(client)
    const told: Told[] = []
    const problems: { message: string; extensions: { code: string; field?: string } }[] = []
    const stop = client.subscribe<{ campaignActivity: Told }>(
      { query: FOLLOW, variables },
      {
        next: ({ data, errors }) => {
          if (errors) problems.push(...(errors as unknown as typeof problems))
          else told.push(data!.campaignActivity)
        },
        error: (error) => problems.push(...(error as typeof problems)),
        complete: () => {},
      },
    )
    const ids = () => told.map(({ interaction }) => interaction.id)
    return { told, problems, ids, stop }
  }
  let marks = 0
  /** Until it hears of what is recorded from now on. */
  async function listening(follower: Awaited<ReturnType<typeof follow>>, campaignId = 'spring') {
    await expect
      .poll(
        async () => {
          await happen([`mark-${++marks}`], campaignId)
          if (follower.problems.length) throw new Error(JSON.stringify(follower.problems))
          return follower.told.length
        },
        { timeout: 15_000, interval: 300 },
      )
      .toBeGreaterThan(0)
  }
  const withoutMarks = (ids: string[]) => ids.filter((id) => !id.startsWith('mark-'))

  it('tells each instance’s subscribers of one campaign what happens in it, in order, with all there is to know', async () => {
    const here = await follow(app, { id: 'spring' })
    const there = await follow(other, { id: 'spring' })
    await listening(here)
    await listening(there)
    await happen(['elsewhere'], 'autumn')
    await happen(['a'], 'spring', { type: 'CONVERTED', channel: 'EMAIL', productId: 'p1', orderId: 'o1' })
    await happen(['b', 'c'])
    for (const { ids, told } of [here, there]) {
      await expect.poll(() => withoutMarks(ids())).toEqual(['a', 'b', 'c'])
      const cursors = told.map(({ cursor }) => Number(cursor))
      expect(cursors).toEqual([...new Set(cursors)].sort((x, y) => x - y))
      expect(told.every(({ dropped }) => dropped === 0)).toBe(true)
      expect(told.find(({ interaction }) => interaction.id === 'a')!.interaction).toEqual({
        id: 'a',
        type: 'CONVERTED',
        channel: 'EMAIL',
        customerId: 'c-a',
        campaignId: 'spring',
        productId: 'p1',
        orderId: 'o1',
        at: day(2),
      })
    }
  })

  it('goes on after a cursor, on another instance as well, and misses nothing', async () => {
    const first = await follow(app, { id: 'spring' })
    await listening(first)
    const { cursor } = first.told.at(-1)!
    first.stop()
    const missed = Array.from({ length: 1_200 }, (_, n) => `missed-${n}`)
    for (let at = 0; at < missed.length; at += 300) await happen(missed.slice(at, at + 300))
    const again = await follow(other, { id: 'spring', since: cursor })
    await happen(['live'])
    await expect.poll(() => again.ids().at(-1), { timeout: 20_000 }).toBe('live')
    expect(withoutMarks(again.ids()).sort()).toEqual([...missed, 'live'].sort())
  })

  it('reads what the bus did not carry while it was away', async () => {
    const heard: { ended: boolean } = { ended: false }
    // A bus that carries nothing: what is told can only come from the graph.
    const deaf = {
      subscribe: () =>
        ({
          next: () => new Promise(() => {}),
          return: async () => {
            heard.ended = true
            return { done: true, value: undefined }
          },
          [Symbol.asyncIterator]() {
            return this
          },
        }) as never,
    }
    const feeds = createFeeds(app.graph, deaf, {
      onError: (error) => {
        throw error
      },
    })
    const deliveries = await feeds.follow('spring', null)
    await happen(['x', 'y'])
    const numbered = () =>
      cypher(app.driver, "MATCH (o:Outbox {key: 'spring'}) WHERE o.toldAt IS NOT NULL RETURN o.number AS number")
    await expect.poll(numbered, { timeout: 10_000 }).toHaveLength(2)
    feeds.resume()
    expect((await deliveries.next()).value!.told.interactionId).toBe('x')
    expect((await deliveries.next()).value!.told.interactionId).toBe('y')
    await deliveries.return!()
    expect(heard.ended).toBe(true)
  })

  it('leaves out the oldest of what a slow subscriber does not take, and says how many', async () => {
    const slow = await app.services.activity.follow('spring', null)
    const many = Array.from({ length: 1_500 }, (_, n) => `many-${n}`)
    for (let at = 0; at < many.length; at += 500) await happen(many.slice(at, at + 500))
    const quick = await follow(app, { id: 'spring', since: '0' })
    await expect.poll(() => quick.ids().length, { timeout: 20_000 }).toBeGreaterThanOrEqual(1_500)
    let taken = 0
    let dropped = 0
    while (taken + dropped < 1_500) {
      const { value } = await slow.next()
      taken++
      dropped += value!.dropped
    }
    expect([taken, dropped]).toEqual([1_000, 500])
    await slow.return!()
  })

  it('refuses a cursor that was never told, one too old, and a campaign that is not there', async () => {
    const problem = async (variables: { id: string; since?: string }) => {
      const { problems } = await follow(app, variables)
      await expect.poll(() => problems.length).toBe(1)
      return problems[0]
    }
    for (const since of ['later', '-1', '999999999999'])
      expect(await problem({ id: 'spring', since })).toMatchObject({
        extensions: { code: 'BAD_USER_INPUT', field: 'since' },
      })
    expect(await problem({ id: 'none' })).toMatchObject({ extensions: { code: 'NOT_FOUND' } })

    await happen(['older', 'old'])
    const kept = () =>
      cypher<{ n: number }>(app.driver, 'MATCH (o:Outbox) WHERE o.toldAt IS NOT NULL RETURN o.number AS n')
    await expect.poll(async () => (await kept()).length).toBe(2)
    await cypher(app.driver, 'MATCH (o:Outbox) SET o.toldAt = o.toldAt - duration({minutes: 61})')
    await forgetTold(app.graph)
    expect(await kept()).toEqual([])
    const gone = await problem({ id: 'spring', since: '1' })
    expect(gone).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', field: 'since' } })
    expect(gone!.message).toContain('kept for 60 minutes')
  })

  it('is told to nobody who may not see campaigns', async () => {
    for (const role of ['STOREFRONT', 'INGEST', 'PRIVACY_OFFICER'] as const) {
      const { problems } = await follow(app, { id: 'spring' }, role)
      await expect.poll(() => problems[0]?.extensions.code).toBe('FORBIDDEN')
    }
  })
})
