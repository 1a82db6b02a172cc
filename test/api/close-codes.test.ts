import { afterEach, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { createTestApp, startTestApp } from '../support/app.ts'

const INIT = { type: 'connection_init' }
const subscribe = (id: string) => ({
  type: 'subscribe',
  id,
  payload: { query: 'subscription { orderRecorded { id } }' },
})

describe('A socket is closed with the code that graphql-ws gives', () => {
  const app = createTestApp()
  const sockets: WebSocket[] = []
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.terminate()
  })

  function open({ url } = app, protocols = ['graphql-transport-ws']) {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, protocols)
    sockets.push(socket)
    const said: { type: string }[] = []
    // One that is refused has an error first.
    socket.on('error', () => {})
    socket.on('message', (text) => said.push(JSON.parse(String(text))))
    const opened = new Promise((resolve) => socket.once('open', resolve))
    const closed = new Promise<number>((resolve) => socket.once('close', resolve))
    const say = async (message: unknown) => {
      await opened
      socket.send(typeof message === 'string' ? message : JSON.stringify(message))
    }
    const greeted = async (params: object = {}) => {
      await say({ ...INIT, payload: params })
      await expect.poll(() => said, { timeout: 10_000 }).toContainEqual({ type: 'connection_ack' })
    }
    return { say, greeted, closed, said }
  }

  it.each(['no JSON', '{}', '{"type": "unheard of"}'])('4400 to who says %s', async (text) => {
    const { say, closed } = open()
    await say(text)
    expect(await closed).toBe(4400)
  })

  it('4401 to who subscribes before saying who it is', async () => {
    const { say, closed } = open()
    await say(subscribe('1'))
    expect(await closed).toBe(4401)
  })

  it('4403 to a token that is not good', async () => {
    const { say, closed } = open()
    await say({ ...INIT, payload: { authorization: 'Bearer nonsense' } })
    expect(await closed).toBe(4403)
  })

  it('4406 to who speaks no protocol of its own', async () => {
    expect(await open(app, []).closed).toBe(4406)
  })

  it('4408 to who does not say within ten seconds who it is', async () => {
    expect(await open().closed).toBe(4408)
  }, 30_000)

  it('4409 to who takes an id that is in use', async () => {
    const { say, greeted, closed } = open()
    await greeted({ authorization: `Bearer ${await app.token('MARKETER')}` })
    await say(subscribe('same'))
    await say(subscribe('same'))
    expect(await closed).toBe(4409)
  })

  it('4429 to who says twice who it is', async () => {
    const { say, greeted, closed } = open()
    await greeted()
    await say(INIT)
    expect(await closed).toBe(4429)
  })

  it('1001 to everybody when the instance stops, so that they connect to another', async () => {
    const other = await startTestApp()
    const { greeted, closed } = open(other)
    await greeted()
    await other.stop()
    expect(await closed).toBe(1001)
  })
})
