import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { campaigning, handing, inSeconds, openShop, type Pending } from './world.ts'

const HOUR = 3_600_000

describe('Handing over by pull', () => {
  const app = createTestApp()
  const { ready, step, tryUpdate } = campaigning(app)
  const { pending, acknowledge, tryAcknowledge, of, consent } = handing(app)
  beforeAll(() => openShop(app, 40))
  beforeEach(() => cypher(app.driver, 'MATCH (n) WHERE n:Decision OR n:Interaction OR n:Suppression DETACH DELETE n'))

  const launched = async (over: object = {}): Promise<string> => {
    const id = await ready(over)
    await step('launch', id)
    return id
  }
  const arms = (campaignId: string) =>
    cypher<{ id: string; arm: string; customerId: string }>(
      app.driver,
      'MATCH (c:Customer)-[:GOT]->(d:Decision)-[:IN]->(:Campaign {id: $campaignId}) RETURN d.id AS id, d.arm AS arm, c.id AS customerId ORDER BY id',
      { campaignId },
    )
  const treated = async (campaignId: string) => (await arms(campaignId)).filter(({ arm }) => arm === 'TREATMENT')
  const sent = () =>
    cypher<{ customerId: string; campaignId: string; channel: string }>(
      app.driver,
      `MATCH (c:Customer)-[:HAD]->(i:Interaction {type: 'SENT'})-[:WITH]->(k:Campaign)
       RETURN c.id AS customerId, k.id AS campaignId, i.channel AS channel ORDER BY customerId`,
    )
  const idsOf = (decisions: { id: string }[]) => decisions.map(({ id }) => id)

  it('tells every treated customer until they are acknowledged, and neither holdout nor excluded', async () => {
    const id = await launched()
    const all = await treated(id)
    expect(new Set((await arms(id)).map(({ arm }) => arm))).toEqual(new Set(['TREATMENT', 'HOLDOUT', 'EXCLUDED']))
    const told = await pending(id)
    expect(idsOf(told)).toEqual(idsOf(all))
    expect(await pending(id)).toEqual(told)
    expect(told[0]).toMatchObject({ arm: 'TREATMENT', channel: 'WEB', handover: { state: 'PENDING', reasons: [] } })
    expect(told[0]!.offers[0]!.product.id).toBe('b')
    const [first, ...others] = idsOf(told)
    const activity = await app.services.activity.follow(id, null)
    expect(await acknowledge([first!, first!])).toBe(1)
    expect((await activity.next()).value!.told).toMatchObject({ interactionId: `handed:${first}`, campaignId: id })
    await activity.return!()
    expect(idsOf(await pending(id))).toEqual(others)
    expect(idsOf(await pending(id, 3))).toEqual(others.slice(0, 3))
    expect(await acknowledge(idsOf(told))).toBe(others.length)
    expect(await acknowledge(idsOf(told))).toBe(0)
    expect(await pending(id)).toEqual([])
    const rows = all.map(({ customerId }) => ({ customerId, campaignId: id, channel: 'WEB' }))
    expect(await sent()).toEqual(rows.sort((a, b) => (a.customerId < b.customerId ? -1 : 1)))
    expect((await of(id, all[0]!.customerId)).handover).toMatchObject({ state: 'HANDED_OVER', at: expect.any(String) })
  })

  it('counts each once however many acknowledge at the same moment', async () => {
    const id = await launched()
    const ids = idsOf(await pending(id))
    const counts = await Promise.all([ids, [...ids].reverse(), ids.slice(3), ids].map(acknowledge))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(ids.length)
    expect(await sent()).toHaveLength(ids.length)
  })

  it('refuses what is not treated, not there or not started, and then notes nothing', async () => {
    const id = await launched()
    const [good] = await treated(id)
    const draft = await ready()
    const notYet = (await treated(draft))[0]!.id
    const of = async (arm: string) => (await arms(id)).find((one) => one.arm === arm)!.id
    for (const [bad, code, says] of [
      [await of('HOLDOUT'), 'BAD_USER_INPUT', /HOLDOUT: only TREATMENT/],
      [await of('EXCLUDED'), 'BAD_USER_INPUT', /EXCLUDED: only TREATMENT/],
      ['nothing', 'BAD_USER_INPUT', /"nothing", which does not exist/],
      ['', 'BAD_USER_INPUT', /ids must not be empty/],
      [notYet, 'CONFLICT', /DRAFT: nothing of it is handed over/],
    ] as const) {
      const { errors } = await tryAcknowledge([good!.id, bad])
      expect(errors![0]!.extensions.code).toBe(code)
      expect(errors![0]!.message).toMatch(says)
    }
    expect(
      (await tryAcknowledge(Array.from({ length: 10_001 }, (_, n) => `x${n}`))).errors![0]!.extensions,
    ).toMatchObject({ field: 'ids' })
    expect(await sent()).toEqual([])
  })

  it('tells nothing unless the campaign is RUNNING and now is within its time', async () => {
    const id = await ready()
    const { customerId } = (await treated(id))[0]!
    expect(await pending(id)).toEqual([])
    expect((await of(id, customerId)).handover).toMatchObject({ state: 'WAITING', reasons: ['NOT_RUNNING'] })
    await step('launch', id)
    expect((await of(id, customerId)).handover.state).toBe('PENDING')
    await step('pause', id)
    expect(await pending(id)).toEqual([])
    await step('launch', id)
    await cypher(
      app.driver,
      'MATCH (k:Campaign {id: $id}) SET k.startsAt = datetime.realtime() + duration({hours: 1})',
      { id },
    )
    expect(await pending(id)).toEqual([])
    await cypher(
      app.driver,
      'MATCH (k:Campaign {id: $id}) SET k.startsAt = datetime.realtime() - duration({hours: 1})',
      { id },
    )
    expect((await pending(id)).length).toBeGreaterThan(5)
    await step('complete', id)
    expect(await pending(id)).toEqual([])
    expect(
      (await app.ask('{ pendingDecisions(campaignId: "none") { id } }', { role: 'INGEST' })).errors![0]!.extensions
        .code,
    ).toBe('NOT_FOUND')
  })

  it('checks again at the moment of handing over, and says what differs from when it was decided', async () => {
    const id = await launched()
    const [a, b, c, d] = (await treated(id)).map(({ customerId }) => customerId) as [string, string, string, string]
    const suppress = (customerId: string) =>
      app.data(`mutation { suppress(customerId: "${customerId}", reason: "test") { id } }`, { role: 'PRIVACY_OFFICER' })
    await consent(a, false)
    await suppress(b)
    await consent(c, false, 'WEB', 'PROFILING')
    const customers = (await pending(id)).map(({ customerId }) => customerId)
    expect([a, b, c].filter((one) => customers.includes(one))).toEqual([])
    expect(customers).toContain(d)
    for (const [customerId, reason] of [
      [a, 'NO_CONSENT'],
      [b, 'SUPPRESSED'],
      [c, 'OBJECTED'],
    ] as const)
      expect((await of(id, customerId)).handover).toMatchObject({
        state: 'WITHHELD',
        reasons: [reason],
        until: null,
        at: null,
      })
    await consent(a, true)
    await consent(c, true, 'WEB', 'PROFILING')
    expect((await pending(id)).map(({ customerId }) => customerId)).toContain(a)
    const [row] = await cypher<{ startsAt: string; endsAt: string }>(
      app.driver,
      'MATCH (k:Campaign {id: $id}) RETURN toString(k.startsAt) AS startsAt, toString(k.endsAt) AS endsAt',
      { id },
    )
    await tryUpdate(id, { ...row, channels: ['EMAIL'] })
    expect((await of(id, a)).handover).toMatchObject({ state: 'WITHHELD', reasons: ['CHANNEL_REMOVED'] })
  })

  it('counts what is handed over for the caps of every campaign, from then on', async () => {
    const first = await launched()
    const { customerId, id } = (await treated(first))[0]!
    // Decided long ago, and forgotten by every cap since.
    await cypher(app.driver, 'MATCH (d:Decision) SET d.at = d.at - duration({days: 60})')
    const second = await launched({ holdoutShare: 0, frequencyCap: { max: 1, days: 7 } })
    await cypher(app.driver, 'MATCH (d:Decision) SET d.at = d.at - duration({days: 60})')
    const waits = async () => (await pending(second)).some((one: Pending) => one.customerId === customerId)
    expect(await waits()).toBe(true)
    await acknowledge([id])
    expect(await waits()).toBe(false)
    const { handover } = await of(second, customerId)
    expect(handover).toMatchObject({ state: 'WAITING', reasons: ['CAPPED'] })
    const days = (Date.parse(handover.until!) - Date.now()) / (24 * HOUR)
    expect(Math.round(days)).toBe(7)
    const { capped } = await app.data('{ capped(channel: WEB, first: 100) { customerId } }', { role: 'MARKETER' })
    expect(capped).toEqual([{ customerId }])
  })

  it('speaks the customer’s language', async () => {
    const id = await launched()
    const { customerId } = (await treated(id))[0]!
    await cypher(app.driver, "MATCH (c:Customer {id: $customerId}) SET c.language = 'pl-PL'", { customerId })
    const [own] = (await pending(id)).filter((one) => one.customerId === customerId)
    const query = `query ($id: ID!, $of: ID!) { decision(campaignId: $id, customerId: $of) { offers { reason } } }`
    const asked = { role: 'MARKETER', variables: { id, of: customerId } } as const
    const [english, polish] = [await app.data(query, asked), await app.data(query, { ...asked, acceptLanguage: 'pl' })]
    expect(own!.offers[0]!.reason).toBe(polish.decision.offers[0].reason)
    expect(own!.offers[0]!.reason).not.toBe(english.decision.offers[0].reason)
    await cypher(app.driver, 'MATCH (c:Customer {id: $customerId}) SET c.language = null', { customerId })
  })
})

describe('In quiet hours', () => {
  const clock = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString().slice(11, 16)
  const app = createTestApp({ QUIET_HOURS: `${clock(-2)}-${clock(3)}` })
  const { ready, step } = campaigning(app)
  const { pending, of, consent } = handing(app)
  beforeAll(() => openShop(app))

  it('only what needs no waiting is handed over', async () => {
    for (const n of [0, 1, 2, 3, 4, 5, 6]) await consent(`c0${n}`, true, 'PUSH')
    const id = await ready({ channels: ['PUSH'], holdoutShare: 0 })
    await step('launch', id)
    expect(await pending(id)).toEqual([])
    expect((await of(id, 'c01')).handover).toMatchObject({ state: 'WAITING', reasons: ['QUIET_HOURS'] })
    expect(Date.parse((await of(id, 'c01')).handover.until!)).toBeGreaterThan(Date.parse(inSeconds(3_600)))
    await cypher(app.driver, "MATCH (c:Customer {id: 'c01'}) SET c.timeZone = 'Asia/Tokyo'")
    expect((await pending(id)).map(({ customerId }) => customerId)).toEqual(['c01'])
  })
})
