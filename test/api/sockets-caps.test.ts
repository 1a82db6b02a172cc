import type { Client } from 'graphql-ws'
import { afterEach, describe, expect, it } from 'vitest'
import { createTestApp } from '../support/app.ts'
import { day, order, record } from '../support/shop.ts'
import { connectTo, firstOf } from '../support/sockets.ts'

const SUBSCRIBE = 'subscription { orderRecorded { id } }'
const ME = '{ me { subject } }'
const LIMITED = { errors: [{ extensions: { code: 'RATE_LIMITED', retryAfter: 1 } }] }

describe('How much a socket and a subject may have at once', () => {
  const app = createTestApp()
  const clients: Client[] = []

  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose()
  })

  async function connect(subject: string): Promise<Client> {
    const { client } = connectTo(app, await app.token('MARKETER', { subject }))
    clients.push(client)
    await firstOf(client, ME)
    return client
  }
  const open = (client: Client, count: number) =>
    Array.from({ length: count }, () =>
      client.subscribe({ query: SUBSCRIBE }, { next() {}, error() {}, complete() {} }),
    )

  it('50 operations a socket: the next is refused, the socket stays, and there is room again when one ends', async () => {
    const client = await connect('one')
    const [stop] = open(client, 50)
    expect(await firstOf(client, ME)).toMatchObject(LIMITED)
    expect(await firstOf(client, SUBSCRIBE)).toMatchObject(LIMITED)
    stop!()
    expect(await firstOf(client, ME)).toEqual({ data: { me: { subject: 'one' } } })
  })

  it('200 subscriptions a subject, however many sockets: the next is refused, queries are not, nor is anybody else', async () => {
    await record(app, [order('o', 'anna', day(1), ['tea'])])
    const { trainModel } = await app.data('mutation { trainModel { id } }', { role: 'ADMIN' })
    /** Tells the model's state as soon as it has begun. */
    const query = `subscription { modelProgress(modelId: "${trainModel.id}") { id } }`
    const begun = { data: { modelProgress: trainModel } }
    const begin = (client: Client) =>
      new Promise<unknown>((next, error) => void client.subscribe({ query }, { next, error, complete() {} }))

    const sockets = await Promise.all(Array.from({ length: 5 }, () => connect('many')))
    const told = await Promise.all(sockets.flatMap((client) => Array.from({ length: 40 }, () => begin(client))))
    expect(told).toEqual(Array(200).fill(begun))
    expect(await firstOf(sockets[0]!, query)).toMatchObject(LIMITED)
    expect(await firstOf(sockets[0]!, ME)).toEqual({ data: { me: { subject: 'many' } } })
    expect(await firstOf(await connect('stranger'), query)).toEqual(begun)

    await sockets[4]!.dispose()
    await expect.poll(() => firstOf(sockets[0]!, query), { timeout: 10_000 }).toEqual(begun)
  })
})
