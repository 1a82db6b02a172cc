import type { lookup } from 'node:dns'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { post, signatureOf } from '../../src/modules/campaign/webhook.ts'
import { createTestApp, startTestApp, TEST_SECRET } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { type Receiver, startReceiver } from './receiver.ts'
import { campaigning, handing, openShop } from './world.ts'

const SECRET = `webhooks: ${TEST_SECRET}`
const ENV = { WEBHOOK_PRIVATE_HOSTS: 'on', WEBHOOK_SECRET: SECRET }
const WAIT = { timeout: 60_000, interval: 100 }

describe('A webhook', () => {
  let receiver: Receiver
  beforeAll(async () => {
    receiver = await startReceiver()
  })
  afterEach(() => receiver.answers())
  afterAll(() => receiver.stop())

  const message = (url = receiver.url) => ({ url, key: 'k1', body: '{"a":"ż"}' })
  const rules = { secret: SECRET, privateHosts: true, timeoutMs: 1_000 }

  it('is sent what it can check: a key, a time, and a signature over both time and body', async () => {
    await post(message(), rules)
    const { headers, body, key } = receiver.received.at(-1)!
    expect([body, key]).toEqual(['{"a":"ż"}', 'k1'])
    const timestamp = Number(headers['alongside-timestamp'])
    expect(Math.abs(timestamp - Date.now() / 1_000)).toBeLessThan(60)
    expect(headers['alongside-signature']).toBe(`v1=${signatureOf(SECRET, timestamp, body)}`)
  })

  it.each([
    ['answers with an error', (answer) => answer.writeHead(503).end(), /answered 503/],
    ['leads elsewhere', (answer) => answer.writeHead(307, { location: '/other' }).end(), /answered 307: a redirect/],
    ['never answers', () => {}, /in time/],
    ['hangs up', (answer) => answer.destroy(), /ECONNRESET/],
  ] as [string, Parameters<Receiver['answers']>[0], RegExp][])('has not taken it when it %s', async (_, how, says) => {
    const before = receiver.received.length
    receiver.answers(how)
    await expect(post(message(), rules)).rejects.toThrow(says)
    expect(receiver.received.length).toBe(before + 1)
  })

  it('has taken it by its status, whether it then says 10 MB or says on for ever', async () => {
    receiver.answers((answer) => answer.writeHead(200).end(Buffer.alloc(10_000_000)))
    await post(message(), rules)
    receiver.answers((answer) => answer.writeHead(200).write('on and on'))
    await post(message(), rules)
  })

  it('is not connected to at a private address, be it by what its name leads to', async () => {
    const before = receiver.received.length
    const inside = { ...rules, privateHosts: false }
    await expect(post(message(), inside)).rejects.toThrow(/private address/)
    for (const address of ['127.0.0.1', '10.0.0.7', '::1', '::ffff:127.0.0.1']) {
      const found = [
        { address: '93.184.215.14', family: 4 },
        { address, family: address.includes(':') ? 6 : 4 },
      ]
      const resolve = ((_name: string, _options: object, done: (error: null, all: object[]) => void) =>
        done(null, found)) as unknown as typeof lookup
      const port = new URL(receiver.url).port
      await expect(post(message(`http://hooks.example.com:${port}/hook`), { ...inside, resolve })).rejects.toThrow(
        /private address/,
      )
    }
    expect(receiver.received.length).toBe(before)
  })
})

describe('Handing over to a webhook', () => {
  const app = createTestApp(ENV)
  const { ready, step } = campaigning(app)
  const { pending, of } = handing(app)
  let receiver: Receiver
  beforeAll(async () => {
    receiver = await startReceiver()
    await openShop(app, 60)
  })
  beforeEach(async () => {
    receiver.received.length = 0
    receiver.answers()
    await cypher(
      app.driver,
      'MATCH (n) WHERE n:Decision OR n:Interaction OR n:Campaign OR n:AudienceBuild DETACH DELETE n',
    )
  })
  afterAll(() => receiver.stop())

  const treated = async (id: string) =>
    (
      await cypher<{ id: string }>(
        app.driver,
        "MATCH (d:Decision {arm: 'TREATMENT'})-[:IN]->(:Campaign {id: $id}) RETURN d.id AS id ORDER BY id",
        { id },
      )
    ).map(({ id }) => id)
  const sent = async () =>
    (await cypher<{ n: number }>(app.driver, "MATCH (i:Interaction {type: 'SENT'}) RETURN count(i) AS n"))[0]!.n
  const keys = (taken = true) => receiver.received.filter((one) => one.taken === taken).map(({ key }) => key)

  it('brings each treated customer once, with offers and reasons in their language, and nobody else', async () => {
    const id = await ready({ webhookUrl: receiver.url })
    await cypher(app.driver, "MATCH (c:Customer) SET c.language = 'pl'")
    const wanted = await treated(id)
    await step('launch', id)
    await expect.poll(sent, WAIT).toBe(wanted.length)
    expect(keys().sort()).toEqual(wanted)
    expect(keys(false)).toEqual([])
    const { body, headers, key } = receiver.received[0]!
    const told = JSON.parse(body)
    expect(headers['alongside-signature']).toBe(
      `v1=${signatureOf(SECRET, Number(headers['alongside-timestamp']), body)}`,
    )
    expect(told).toMatchObject({
      id: key,
      campaignId: id,
      campaign: 'Spring',
      channel: 'WEB',
      language: 'PL',
      model: expect.any(String),
    })
    const decision = await of(id, told.customerId)
    expect(decision.handover).toMatchObject({ state: 'HANDED_OVER', attempts: 0 })
    const polish = await app.data(
      'query ($id: ID!, $of: ID!) { decision(campaignId: $id, customerId: $of) { offers { rank score reason product { id } } } }',
      { role: 'MARKETER', acceptLanguage: 'pl', variables: { id, of: told.customerId } },
    )
    expect(told.offers).toMatchObject(
      polish.decision.offers.map(({ product, ...offer }: { product: { id: string } }) => ({
        ...offer,
        productId: product.id,
      })),
    )
    expect(told.offers[0].evidence[0]).toMatchObject({ kind: expect.any(String), reason: expect.any(String) })
    expect(await pending(id)).toEqual([])
    await cypher(app.driver, 'MATCH (c:Customer) SET c.language = null')
  })

  it('tries again what was not taken, under the same key, and counts it once', async () => {
    receiver.answers((answer, count) => answer.writeHead(count % 3 === 0 ? 500 : 200).end())
    const id = await ready({ webhookUrl: receiver.url })
    const wanted = await treated(id)
    await step('launch', id)
    await expect.poll(sent, WAIT).toBe(wanted.length)
    expect(keys().sort()).toEqual(wanted)
    const tried = keys(false)
    expect(tried.length).toBeGreaterThan(3)
    expect(tried.every((key) => wanted.includes(key))).toBe(true)
  })

  it('is shared out among instances, each decision to one of them', async () => {
    const others = [await startTestApp(ENV), await startTestApp(ENV)]
    const id = await ready({ webhookUrl: receiver.url, holdoutShare: 0 })
    const wanted = await treated(id)
    receiver.answers((answer) => setTimeout(() => answer.writeHead(200).end(), 20))
    await step('launch', id)
    await expect.poll(sent, WAIT).toBe(wanted.length)
    expect(receiver.received.map(({ key }) => key).sort()).toEqual(wanted)
    for (const other of others) await other.stop()
  })

  it('loses nothing while the receiver is away, and goes on when it is back', async () => {
    receiver.answers((answer) => answer.destroy())
    const id = await ready({ webhookUrl: receiver.url })
    const wanted = await treated(id)
    await step('launch', id)
    await expect.poll(() => receiver.received.length, WAIT).toBeGreaterThan(12)
    // While nothing is taken it is not asked for everybody.
    expect(receiver.received.length).toBeLessThan(10 * wanted.length)
    expect(await sent()).toBe(0)
    const [handover] = await cypher<{ error: string }>(
      app.driver,
      'MATCH (d:Decision) WHERE d.attempts > 0 RETURN d.lastError AS error LIMIT 1',
    )
    expect(handover!.error).toBe('ECONNRESET')
    receiver.answers()
    await expect.poll(sent, WAIT).toBe(wanted.length)
    expect(keys().sort()).toEqual(wanted)
  })

  it('keeps what is not taken for a day as a dead letter, to be pulled or delivered anew', async () => {
    receiver.answers((answer) => answer.writeHead(400).end())
    const id = await ready({ webhookUrl: receiver.url })
    const wanted = await treated(id)
    await cypher(app.driver, 'MATCH (d:Decision) SET d.firstFailedAt = datetime.realtime() - duration({hours: 25})')
    await step('launch', id)
    const dead = async () =>
      (
        await cypher<{ n: number }>(app.driver, 'MATCH (d:Decision) WHERE d.deadAt IS NOT NULL RETURN count(d) AS n')
      )[0]!.n
    await expect.poll(dead, { ...WAIT, timeout: 150_000 }).toBe(wanted.length)
    const told = await pending(id)
    expect(told.map((one) => one.id)).toEqual(wanted)
    expect((await of(id, told[0]!.customerId)).handover.state).toBe('FAILED')
    receiver.answers()
    expect(await app.graph.query('decision/revive', { campaignId: id, changes: false })).toEqual({
      revived: wanted.length,
    })
    expect(await dead()).toBe(wanted.length)
    expect(await app.graph.query('decision/revive', { campaignId: 'other', changes: true })).toEqual({ revived: 0 })
    expect(await app.graph.query('decision/revive', { campaignId: null, changes: true })).toEqual({
      revived: wanted.length,
    })
    await expect.poll(sent, WAIT).toBe(wanted.length)
    expect(keys().sort()).toEqual(wanted)
  })

  it('brings nothing of what is paused or withheld', async () => {
    const id = await ready({ webhookUrl: receiver.url, holdoutShare: 0 })
    const wanted = await treated(id)
    await cypher(app.driver, "MATCH (c:Customer {id: 'c01'})-[:GAVE]->(g:Consent) SET g.granted = false")
    receiver.answers((answer) => setTimeout(() => answer.writeHead(200).end(), 50))
    await step('launch', id)
    await expect.poll(() => receiver.received.length, WAIT).toBeGreaterThan(0)
    await step('pause', id)
    await expect.poll(async () => (await sent()) === receiver.received.length, WAIT).toBe(true)
    const before = receiver.received.length
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect(receiver.received.length - before).toBeLessThanOrEqual(12)
    await step('launch', id)
    await expect.poll(sent, WAIT).toBe(wanted.length - 1)
    const withheld = (await of(id, 'c01')) as { id: string; handover: { state: string } }
    expect(keys()).not.toContain(withheld.id)
    expect(withheld.handover.state).toBe('WITHHELD')
    await cypher(app.driver, "MATCH (c:Customer {id: 'c01'})-[:GAVE]->(g:Consent) SET g.granted = true")
  })
})
