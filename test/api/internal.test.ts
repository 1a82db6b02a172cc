import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { signToken } from '../../src/auth/viewer.ts'
import { testConfig } from '../support/app.ts'
import { backends } from '../support/graph.ts'
import { connectTo, firstOf } from '../support/sockets.ts'

const SECRET = 'bolt://db.internal:7687 said no to MATCH (c:Customer {id: "household-7"})'
const QUERY = '{ affinities(productId: "product-9") { orders } }'

describe('An error nobody foresaw', () => {
  const lines: { level: number; msg: string; requestId?: string; err?: { message: string } }[] = []
  let app: App
  let token: string

  beforeAll(async () => {
    const stream = new Writable({
      write(chunk, _encoding, done) {
        for (const text of String(chunk).split('\n').filter(Boolean)) lines.push(JSON.parse(text))
        done()
      },
    })
    app = await createApp(testConfig(), backends(), pino({ level: 'info' }, stream))
    token = await signToken({ role: 'ANALYST', subject: 'someone' }, app.tokens)
    vi.spyOn(app.services.recommendation, 'affinities').mockRejectedValue(new Error(SECRET))
  })
  afterAll(async () => {
    vi.restoreAllMocks()
    await app?.stop()
  })
  beforeEach(() => {
    lines.length = 0
  })

  const post = async (query: string) => {
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
    })
    return response.text()
  }
  const errorLines = () => lines.filter(({ level }) => level >= 50)

  it('is answered with INTERNAL and a request id, and logged once under that id (HTTP)', async () => {
    const text = await post(QUERY)
    const { errors } = JSON.parse(text)
    expect(errors).toHaveLength(1)
    expect(Object.keys(errors[0].extensions).sort()).toEqual(['code', 'requestId'])
    expect(errors[0].extensions.code).toBe('INTERNAL')
    expect(text).not.toMatch(/internal:7687|MATCH|household|stack|Error:/)
    expect(errorLines()).toMatchObject([{ requestId: errors[0].extensions.requestId, err: { message: SECRET } }])
  })

  it('is answered and logged the same way over a socket', async () => {
    const { client } = connectTo(app, token)
    const result = await firstOf(client, QUERY)
    await client.dispose()
    const extensions = result.errors![0]!.extensions!
    expect(Object.keys(extensions).sort()).toEqual(['code', 'requestId'])
    expect(extensions.code).toBe('INTERNAL')
    expect(JSON.stringify(result)).not.toMatch(/internal:7687|MATCH|household|stack/)
    expect(errorLines()).toMatchObject([{ requestId: extensions.requestId, err: { message: SECRET } }])
  })

  it('has a new id with each request', async () => {
    const [one, two] = await Promise.all([post(QUERY), post(`{ a: ${QUERY.slice(2)}`)])
    const idOf = (text: string) => JSON.parse(text).errors[0].extensions.requestId
    expect(idOf(one)).not.toBe(idOf(two))
  })

  it('what a caller did wrong is no error of ours: nothing is logged, and no id of a person ever is', async () => {
    const text = await post('{ crossSell(customerId: "household-7") { note } }')
    expect(JSON.parse(text).errors[0].extensions.code).not.toBe('INTERNAL')
    expect(errorLines()).toEqual([])
    expect(JSON.stringify(lines)).not.toContain('household-7')
  })
})
