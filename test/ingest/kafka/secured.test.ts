import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, startTestApp } from '../../support/app.ts'
import { createAuthority, hasOpenssl } from '../../support/certificates.ts'
import { day, order } from '../../support/shop.ts'
import { type Broker, createTopics, done, eventually, startBroker, type Topics } from './support.ts'

describe.skipIf(!hasOpenssl)('A Kafka that speaks TLS only and asks for a password', () => {
  createTestApp()
  const user = { username: 'alongside', password: 'of-kafka' }
  let folder: string
  let ca: string
  let foreignCa: string
  let broker: Broker
  let topics: Topics

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'alongside-kafka-tls-'))
    const authority = createAuthority(folder, 'ours')
    ca = authority.ca
    foreignCa = createAuthority(folder, 'foreign').ca
    broker = await startBroker({ tls: authority.issue('kafka'), user })
    topics = await createTopics(broker, { tls: { ca }, sasl: { mechanism: 'PLAIN', ...user } })
  })
  afterAll(async () => {
    await broker?.stop()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  const env = () => ({
    ...topics.env,
    KAFKA_TLS: 'on',
    TLS_CA: ca,
    KAFKA_SASL: 'PLAIN',
    KAFKA_USERNAME: user.username,
    KAFKA_PASSWORD: user.password,
  })

  it('is read from by who trusts its certificate and knows the password', async () => {
    const reader = await startTestApp(env())
    try {
      await topics.send('orders', [order('secured', 'c', day(1), ['tea'])])
      await eventually(async () => expect(await done(reader, 'orders')).toBe(1))
    } finally {
      await reader.stop()
    }
  })

  it.each([
    ['another password', () => ({ KAFKA_PASSWORD: 'guessed' })],
    ['another authority', () => ({ TLS_CA: foreignCa })],
    ['no encryption', () => ({ KAFKA_TLS: 'off' })],
  ])('is away for who comes with %s', async (_what, given) => {
    const reader = await startTestApp({ ...env(), ...given() })
    try {
      await new Promise((resolve) => setTimeout(resolve, 3_000))
      expect(await (await fetch(`${reader.url}/readyz`)).json()).toMatchObject({
        ready: true,
        kafka: { state: 'away' },
      })
    } finally {
      await reader.stop()
    }
  })
})
