import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import type { Driver } from 'neo4j-driver'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { createDriver } from '../../src/graph/driver.ts'
import { cypher } from '../support/graph.ts'
import { day } from '../support/shop.ts'
import { ask, type Service, type Stores, startService, startStores, tokenOf } from './support.ts'

const SUBSCRIBE = `subscription ($since: ID) { campaignActivity(campaignId: "spring", since: $since) { cursor dropped interaction { id } } }`
const RECORD = `mutation ($interactions: [InteractionInput!]!) { recordInteractions(interactions: $interactions) { accepted } }`
type Told = { campaignActivity: { cursor: string; dropped: number; interaction: { id: string } } }

describe('Whoever follows a campaign’s activity on two instances', () => {
  let stores: Stores
  let driver: Driver
  const services: Service[] = []
  const ends: (() => unknown)[] = []

  const start = async (n: number) => {
    services[n] = await startService({ ...stores, folder: `${stores.folder}/${n}` })
  }
  beforeAll(async () => {
    stores = await startStores()
    driver = createDriver(stores.neo4j)
    await start(0)
    await start(1)
    const text = 'CREATE (:Campaign {id: "spring", name: "Spring", startsAt: datetime($at), status: "RUNNING"})'
    await cypher(driver, text, { at: day(1) })
  })
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })
  afterAll(async () => {
    for (const service of services) await service.kill()
    await driver?.close()
    await stores?.stop()
  })

  let recorded = 0
  const record = async (count = 5) => {
    const ids = Array.from({ length: count }, () => `i${recorded++}`)
    const interactions = ids.map((id) => ({ id, customerId: 'c1', campaignId: 'spring', type: 'OPENED', at: day(2) }))
    const { data } = await ask(services[1]!.url, RECORD, { role: 'INGEST', variables: { interactions } })
    expect(data.recordInteractions.accepted).toBe(count)
    return ids
  }

  /** As a client would: when its connection breaks, it goes on elsewhere from the last that it heard. */
  async function follow(urls: string[], token = tokenOf('MARKETER')) {
    const heard: string[] = []
    const closes: number[] = []
    let cursor: string | undefined
    let dropped = 0
    let over = false
    let dispose: () => unknown = () => {}
    const authorization = `Bearer ${await token}`
    const connect = (attempt: number) => {
      if (over) return
      const client = createClient({
        url: `${urls[attempt % urls.length]!.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        connectionParams: { authorization },
        on: { closed: (event) => void closes.push((event as { code: number }).code) },
      })
      dispose = () => client.dispose()
      const again = () => setTimeout(connect, 100, attempt + 1)
      client.subscribe<Told>(
        { query: SUBSCRIBE, variables: { since: cursor } },
        {
          next: ({ data }) => {
            const { campaignActivity } = data!
            cursor = campaignActivity.cursor
            dropped += campaignActivity.dropped
            heard.push(campaignActivity.interaction.id)
          },
          error: again,
          complete: () => {},
        },
      )
    }
    connect(0)
    ends.push(() => {
      over = true
      return dispose()
    })
    // Without a cursor, what happens before it has begun is not heard of.
    await expect
      .poll(async () => (await record(1)) && heard.length, { timeout: 30_000, interval: 500 })
      .toBeGreaterThan(0)
    return { heard, closes, dropped: () => dropped }
  }
  const from = (first: string) =>
    Array.from({ length: recorded - Number(first.slice(1)) }, (_, n) => `i${Number(first.slice(1)) + n}`)
  const sorted = (ids: string[]) => ids.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)))

  /** Each once, in the end: from the first that was heard on, all that was recorded. */
  async function heardAll({ heard, dropped }: Awaited<ReturnType<typeof follow>>) {
    await expect.poll(() => sorted(heard), { timeout: 30_000 }).toEqual(from(heard[0]!))
    expect(dropped()).toBe(0)
  }

  it('misses nothing when one of them is killed: it goes on with the other', async () => {
    const following = await follow([services[0]!.url, services[1]!.url])
    for (let n = 0; n < 20; n++) {
      await record()
      if (n === 8) await services[0]!.kill()
    }
    await heardAll(following)
    expect(following.closes).not.toEqual([])
    await start(0)
  })

  it('misses nothing when Redis is killed and comes back empty, and nobody who records is held up', async () => {
    const [here, there] = [await follow([services[0]!.url]), await follow([services[1]!.url])]
    for (let n = 0; n < 20; n++) {
      if (n === 5) await stores.kill('redis')
      await record()
      if (n === 15) await stores.start('redis')
    }
    for (const following of [here, there]) await heardAll(following)
    expect([...here.closes, ...there.closes]).toEqual([])
  })

  it('hears nothing more a second after its token was revoked, however much happens', async () => {
    const following = await follow([services[0]!.url])
    let storming = true
    const storm = (async () => {
      while (storming) await record(20)
    })()
    try {
      await expect.poll(() => following.heard.length, { timeout: 20_000 }).toBeGreaterThan(50)
      const revoke = 'mutation { revokeTokens(subject: "marketer") }'
      expect((await ask(services[1]!.url, revoke, { role: 'ADMIN' })).data).toEqual({ revokeTokens: true })
      await sleep(1_000)
      const { length } = following.heard
      const marks = recorded
      await expect.poll(() => recorded, { timeout: 20_000 }).toBeGreaterThan(marks + 100)
      expect(following.heard).toHaveLength(length)
      expect(following.closes[0]).toBe(4403)
    } finally {
      storming = false
      await storm
    }
  })
})
