import type { Client } from 'graphql-ws'
import { afterEach, describe, expect, it } from 'vitest'
import { createTestApp } from '../support/app.ts'
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
    const sockets = await Promise.all(Array.from({ length: 5 }, () => connect('many')))
    for (const client of sockets) open(client, 40)
    // Answered after what was sent before it has begun.
    for (const client of sockets) await firstOf(client, ME)
    /** What one more subscription brings before it is stopped; nothing happens to any order. */
    const another = async () => {
      const heard: unknown[] = []
      const sink = { next: (result: unknown) => heard.push(result), error() {}, complete() {} }
      const stop = sockets[0]!.subscribe({ query: SUBSCRIBE }, sink)
      await firstOf(sockets[0]!, ME)
      stop()
      return heard
    }
    expect(await another()).toMatchObject([LIMITED])
    expect(await firstOf(sockets[0]!, ME)).toEqual({ data: { me: { subject: 'many' } } })

    const stranger = await connect('stranger')
    const refused: unknown[] = []
    stranger.subscribe({ query: SUBSCRIBE }, { next: (result) => refused.push(result), error() {}, complete() {} })
    await firstOf(stranger, ME)
    expect(refused).toEqual([])

    await sockets[4]!.dispose()
    await expect.poll(another, { timeout: 10_000 }).toEqual([])
  })
})
