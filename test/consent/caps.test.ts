import { beforeEach, describe, expect, it } from 'vitest'
import type { Cap } from '../../src/modules/consent/caps.ts'
import { createConsentService } from '../../src/modules/consent/consent.service.ts'
import { createTestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { UPSERT } from '../support/pii.ts'
import { emptyShop } from '../support/shop.ts'

const DAY = 86_400_000
const NOW = Date.parse('2024-06-10T12:00:00Z')
const ago = (days: number, ms = 0, now = NOW) => new Date(now - days * DAY + ms).toISOString()
const CAPPED =
  'query ($channel: Channel!, $first: Int) { capped(channel: $channel, first: $first) { customerId channel until } }'

describe('A frequency cap', () => {
  const app = createTestApp()
  let now = new Date(NOW)
  beforeEach(async () => {
    now = new Date(NOW)
    await emptyShop(app)
    await cypher(
      app.driver,
      `UNWIND ['c1', 'c2', 'c3'] AS id CREATE (:Customer {id: id})
       WITH count(*) AS all UNWIND ['spring', 'summer'] AS id CREATE (:Campaign {id: id, status: 'COMPLETED'})`,
    )
  })

  const consent = (cap?: Cap) =>
    createConsentService({
      graph: app.graph,
      suppression: app.services.suppression,
      rules: { quietHours: undefined, timeZone: 'UTC', cap },
      changed: () => {},
      clock: () => now,
    })
  const decide = (
    customerId: string,
    at: string,
    { arm = 'TREATMENT', channel = 'EMAIL', campaignId = 'spring' } = {},
  ) =>
    cypher(
      app.driver,
      `MATCH (c:Customer {id: $customerId}), (k:Campaign {id: $campaignId})
       CREATE (c)-[:GOT]->(:Decision {id: randomUUID(), arm: $arm, channel: $channel, at: datetime($at)})-[:IN]->(k)`,
      { customerId, at, arm, channel, campaignId },
    )
  const send = (
    customerId: string,
    at: string,
    { channel = 'EMAIL' as string | null, type = 'SENT', campaignId = 'summer' } = {},
  ) =>
    cypher(
      app.driver,
      `MATCH (c:Customer {id: $customerId}), (k:Campaign {id: $campaignId})
       CREATE (c)-[:HAD]->(:Interaction {id: randomUUID(), type: $type, channel: $channel, at: datetime($at)})-[:WITH]->(k)`,
      { customerId, at, type, channel, campaignId },
    )
  const campaign = (id: string, cap: Cap, status = 'RUNNING', channels = ['EMAIL', 'SMS']) =>
    cypher(
      app.driver,
      `CREATE (:Campaign {id: $id, status: $status, channels: $channels, capMax: toInteger($max), capDays: toInteger($days), capChannel: $channel})`,
      { id, status, channels, channel: null, ...cap },
    )
  const untils = async (customerId: string, cap: Cap | undefined, own?: Cap) => {
    const allowed = (await consent(cap).allowed([customerId], ['EMAIL', 'SMS'], app.graph, own)).get(customerId)!
    return allowed.map(({ cappedUntil }) => cappedUntil)
  }

  it('holds a customer back from the last message it allows until that many are older than its days, to the millisecond', async () => {
    const cap = { max: 2, days: 7 }
    await decide('c1', ago(7, 1))
    expect(await untils('c1', cap)).toEqual([null, null])
    await decide('c1', ago(3), { campaignId: 'summer' })
    const end = new Date(NOW + 1).toISOString()
    expect(await untils('c1', cap)).toEqual([end, end])
    now = new Date(end)
    expect(await untils('c1', cap)).toEqual([null, null])
    expect(await untils('c2', cap)).toEqual([null, null])
  })

  it('ends when the last but so many does, where more went out than it allows', async () => {
    for (const days of [6, 5, 4, 1]) await decide('c1', ago(days))
    expect(await untils('c1', { max: 2, days: 7 })).toEqual([ago(4 - 7), ago(4 - 7)])
    expect(await untils('c1', { max: 1, days: 1 })).toEqual([null, null])
    expect(await untils('c1', { max: 5, days: 365 })).toEqual([null, null])
  })

  it('counts days of 24 hours also where the clock changes', async () => {
    now = new Date('2024-03-31T12:00:00Z')
    await decide('c1', '2024-03-30T12:00:00.001Z')
    expect((await untils('c1', { max: 1, days: 1 }))[0]).toBe('2024-03-31T12:00:00.001Z')
  })

  it('counts who was treated, not who was held out or left out', async () => {
    for (const arm of ['HOLDOUT', 'EXCLUDED']) await decide('c1', ago(1), { arm })
    expect(await untils('c1', { max: 1, days: 7 })).toEqual([null, null])
  })

  it('counts what was sent without a decision of ours, and not what one stands for', async () => {
    const cap = { max: 2, days: 7 }
    await decide('c1', ago(3))
    await send('c1', ago(2), { campaignId: 'spring' })
    await send('c1', ago(2), { campaignId: 'spring', channel: null })
    for (const type of ['DELIVERED', 'OPENED', 'CONVERTED']) await send('c1', ago(1), { type })
    expect(await untils('c1', cap)).toEqual([null, null])
    await send('c1', ago(1))
    expect(await untils('c1', cap)).toEqual([ago(3 - 7), ago(3 - 7)])
  })

  it('of one channel counts that channel alone and closes no other; what has no channel counts in none', async () => {
    const cap = { max: 1, days: 7, channel: 'SMS' as const }
    await decide('c1', ago(2))
    expect(await untils('c1', cap)).toEqual([null, null])
    await decide('c1', ago(1), { channel: 'SMS', campaignId: 'summer' })
    expect(await untils('c1', cap)).toEqual([null, ago(1 - 7)])
    await send('c2', ago(1), { channel: null })
    expect(await untils('c2', cap)).toEqual([null, null])
    expect(await untils('c2', { max: 1, days: 7 })).toEqual([ago(1 - 7), ago(1 - 7)])
  })

  it('of a campaign holds beside that of the service: the later end counts', async () => {
    await decide('c1', ago(1))
    expect(await untils('c1', { max: 1, days: 2 }, { max: 1, days: 5 })).toEqual([ago(1 - 5), ago(1 - 5)])
    expect(await untils('c1', { max: 1, days: 5 }, { max: 3, days: 30 })).toEqual([ago(1 - 5), ago(1 - 5)])
    expect(await untils('c1', undefined, { max: 1, days: 3, channel: 'EMAIL' })).toEqual([ago(1 - 3), null])
    expect(await untils('c1', undefined)).toEqual([null, null])
  })

  it('is never exceeded by ten who decide at once, each with the customers locked', async () => {
    const cap = { max: 3, days: 7 }
    const ids = ['c1', 'c2', 'c3']
    const decideAll = () =>
      app.graph.transaction(async (tx) => {
        await tx.query('customer/lock', { ids })
        const allowed = await consent().allowed(ids, ['EMAIL'], tx, cap)
        const customers = ids.filter((id) => allowed.get(id)![0]!.cappedUntil === null)
        // As a decision is written: by the transaction that has looked.
        const interactions = customers.map((customerId) => ({
          ...{ id: crypto.randomUUID(), customerId, campaignId: 'spring', type: 'SENT', channel: 'EMAIL', at: now },
        }))
        if (interactions.length > 0)
          await tx.query('campaign/write-interactions', { customerIds: customers, interactions })
      })
    await Promise.all(Array.from({ length: 10 }, decideAll))
    const counts = await cypher(
      app.driver,
      'MATCH (c:Customer) RETURN c.id AS id, COUNT { (c)-[:HAD]->() } AS sent ORDER BY id',
    )
    expect(counts).toEqual(ids.map((id) => ({ id, sent: 3 })))
  })

  it('lists who is held back and until when, who waits longest first, by the strictest cap there is', async () => {
    for (const [customerId, days] of [
      ['c1', 2],
      ['c2', 1],
      ['c3', 6],
    ] as const)
      await decide(customerId, ago(days))
    await campaign('weekly', { max: 1, days: 5 })
    await campaign('over', { max: 1, days: 300 }, 'COMPLETED')
    await campaign('elsewhere', { max: 1, days: 300 }, 'RUNNING', ['PUSH'])
    await campaign('sms', { max: 1, days: 300, channel: 'SMS' })
    const held = (customerId: string, until: string) => ({ customerId, channel: 'EMAIL', until })
    expect(await consent().capped('EMAIL', 50)).toEqual([held('c2', ago(1 - 5)), held('c1', ago(2 - 5))])
    expect(await consent().capped('EMAIL', 1)).toEqual([held('c2', ago(1 - 5))])
    expect(await consent({ max: 1, days: 7 }).capped('EMAIL', 50)).toEqual([
      held('c2', ago(1 - 7)),
      held('c1', ago(2 - 7)),
      held('c3', ago(6 - 7)),
    ])
    expect(await consent({ max: 1, days: 7, channel: 'SMS' }).capped('EMAIL', 50)).toHaveLength(2)
    now = new Date(ago(2 - 5))
    expect(await consent().capped('EMAIL', 50)).toEqual([held('c2', ago(1 - 5))])
  })

  it('lists the same as it holds back, whatever went out', async () => {
    const cap = { max: 2, days: 7 }
    for (const [at, channel] of [
      [1, 'EMAIL'],
      [2, 'SMS'],
      [6.5, 'EMAIL'],
      [7.5, 'EMAIL'],
    ] as const)
      await decide('c1', ago(at), { channel })
    await send('c2', ago(1), { channel: null })
    await send('c2', ago(5), { channel: 'SMS' })
    await send('c3', ago(1))
    for (const channel of ['EMAIL', 'SMS'] as const) {
      for (const one of [cap, { ...cap, channel }]) {
        const listed = new Map(
          (await consent(one).capped(channel, 50)).map(({ customerId, until }) => [customerId, until]),
        )
        for (const id of ['c1', 'c2', 'c3'])
          expect([id, listed.get(id) ?? null]).toEqual([
            id,
            (await consent(one).allowed([id], [channel])).get(id)![0]!.cappedUntil,
          ])
      }
    }
  })

  it('lists by many caps at once whom the strictest of them holds back, of any length and channel', async () => {
    const ids = ['c1', 'c2', 'c3']
    for (const [n, id] of ids.entries())
      for (let at = 0; at < 6; at++) {
        const channel = (at + n) % 3 === 0 ? 'SMS' : 'EMAIL'
        await decide(id, ago((at * (n + 1) * 7) / 5 + 0.1), { channel })
      }
    const caps = [1, 2, 3, 4].flatMap((max) =>
      [1, 3, 7, 14].flatMap((days) => [null, 'EMAIL' as const].map((channel) => ({ max, days: days * max, channel }))),
    )
    for (const some of [caps, caps.filter((_, at) => at % 3 === 0), caps.slice(-6), caps.slice(-1)]) {
      await cypher(app.driver, "MATCH (k:Campaign {status: 'RUNNING'}) DETACH DELETE k")
      for (const [n, cap] of some.entries()) await campaign(`k${n}`, cap)
      for (const channel of ['EMAIL', 'SMS'] as const) {
        const expected = new Map<string, string>()
        for (const cap of some)
          for (const [id, [one]] of await consent().allowed(ids, [channel], app.graph, cap)) {
            const until = one!.cappedUntil
            if (until !== null && until > (expected.get(id) ?? '')) expected.set(id, until)
          }
        const listed = (await consent().capped(channel, 50)).map(
          ({ customerId, until }) => [customerId, until] as const,
        )
        expect(new Map(listed)).toEqual(expected)
      }
    }
  })

  it('tells of a thousand customers at once as of each alone', async () => {
    const customers = Array.from({ length: 1_000 }, (_, n) => ({
      id: `m${n}`,
      ...(n % 3 ? { email: `m${n}@example.com` } : {}),
    }))
    await app.data(UPSERT, { role: 'INGEST', variables: { customers } })
    await cypher(
      app.driver,
      `MATCH (k:Campaign {id: 'spring'}) UNWIND range(0, 999) AS n MATCH (c:Customer {id: 'm' + n})
       FOREACH (x IN CASE WHEN n % 2 = 0 THEN [1] ELSE [] END |
         CREATE (c)-[:GAVE]->(:Consent {id: 'k' + n, channel: 'EMAIL', purpose: 'MARKETING', granted: true, at: datetime()}))
       FOREACH (x IN range(1, n % 5) |
         CREATE (c)-[:GOT]->(:Decision {id: randomUUID(), arm: 'TREATMENT', channel: 'EMAIL', at: datetime($at)})-[:IN]->(k))`,
      { at: ago(1) },
    )
    const ids = customers.map(({ id }) => id)
    const allowed = await consent({ max: 3, days: 7 }).allowed(ids, ['EMAIL', 'WEB'])
    expect([...allowed.keys()]).toEqual(ids)
    ids.forEach((id, n) => {
      const cappedUntil = n % 5 >= 3 ? ago(1 - 7) : null
      const rest = { suppressed: false, cappedUntil, quietUntil: null }
      expect(allowed.get(id)).toEqual([
        { channel: 'EMAIL', consent: n % 2 === 0, contact: n % 3 !== 0, ...rest },
        { channel: 'WEB', consent: false, contact: true, ...rest },
      ])
    })
  })
})

describe('capped', () => {
  const app = createTestApp({ CAP_MAX: '1', CAP_DAYS: '2' })
  beforeEach(async () => {
    await emptyShop(app)
    await cypher(
      app.driver,
      `CREATE (:Customer {id: 'c1'})-[:GOT]->(:Decision {id: 'd1', arm: 'TREATMENT', channel: 'EMAIL', at: datetime($at)})`,
      { at: ago(1, 0, Date.now()) },
    )
  })

  it('holds the cap of the environment', async () => {
    const { capped } = await app.data(CAPPED, { role: 'MARKETER', variables: { channel: 'EMAIL', first: 10 } })
    expect(capped).toMatchObject([{ customerId: 'c1', channel: 'EMAIL' }])
    const left = Date.parse(capped[0].until) - Date.now()
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(DAY)
  })

  it.each([0, 101, -1])('refuses a first of %d', async (first) => {
    const { errors } = await app.ask(CAPPED, { role: 'MARKETER', variables: { channel: 'EMAIL', first } })
    expect(errors![0]!.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'first' })
  })

  it.each([
    ['MARKETER', undefined],
    ['ANALYST', undefined],
    ['ADMIN', undefined],
    ['STOREFRONT', 'FORBIDDEN'],
    ['INGEST', 'FORBIDDEN'],
    ['PRIVACY_OFFICER', 'FORBIDDEN'],
  ] as const)('answers %s with %s', async (role, code) => {
    const { errors } = await app.ask('{ capped(channel: SMS) { until } }', { role })
    expect(errors?.[0]?.extensions.code).toBe(code)
  })

  it('is not for a token that speaks for one customer', async () => {
    const { errors } = await app.ask('{ capped(channel: SMS) { until } }', { role: 'MARKETER', customer: 'c1' })
    expect(errors![0]!.extensions.code).toBe('FORBIDDEN')
  })
})
