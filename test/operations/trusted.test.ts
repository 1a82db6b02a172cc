import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, startTestApp, TEST_SECRET, type TestApp } from '../support/app.ts'
import { backends } from '../support/graph.ts'
import { connectTo, firstOf } from '../support/sockets.ts'

const KNOWN = 'query Shelf { products(limit: 5) { id name } }'
const PERSISTED = { shelf: KNOWN, hidden: '{ products { margin } }' }

describe('Trusted documents', () => {
  const development = createTestApp()
  let folder: string
  let app: TestApp

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'alongside-trusted-'))
    const file = path.join(folder, 'persisted-documents.json')
    await writeFile(file, JSON.stringify(PERSISTED))
    app = await startTestApp(production({ TRUSTED_DOCUMENTS: file }))
  })
  afterAll(async () => {
    await app?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  function production(env: Record<string, string>) {
    const { neo4j, redis } = backends()
    return {
      NODE_ENV: 'production',
      JWT_SECRET: TEST_SECRET,
      NEO4J_URI: neo4j.uri,
      NEO4J_PASSWORD: neo4j.password,
      REDIS_URL: redis.url,
      ...env,
    }
  }
  async function send(body: object, role: 'STOREFRONT' | 'MARKETER' = 'STOREFRONT') {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${await app.token(role)}` }
    const answer = await fetch(`${app.url}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await answer.json()) as { data?: unknown; errors?: { extensions: { code: string; field?: string } }[] }
  }

  it('in production a storefront has those of the file, by their text and by their id', async () => {
    for (const body of [
      { query: KNOWN },
      { documentId: 'shelf' },
      { extensions: { persistedQuery: { version: 1, sha256Hash: 'shelf' } } },
    ])
      expect(await send(body)).toMatchObject({ data: { products: [] } })
  })

  it('over a socket too', async () => {
    const { client } = connectTo(app, await app.token('STOREFRONT'))
    const known = { query: '', extensions: { persistedQuery: { sha256Hash: 'shelf' } } }
    const results: unknown[] = []
    for await (const result of client.iterate(known)) results.push(result)
    expect(results).toMatchObject([{ data: { products: [] } }])
    expect(await firstOf(client, '{ products { id } }')).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    })
    await client.dispose()
  })

  it('and no other, though it may see the schema', async () => {
    expect(await send({ query: '{ products { id } }' })).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    })
    expect((await send({ query: '{ __schema { queryType { name } } }' })).errors).toBeUndefined()
    expect((await send({ query: '{ products { id } }' }, 'MARKETER')).errors).toBeUndefined()
  })

  it('an id that nobody knows is named as what is wrong', async () => {
    const answer = await send({ documentId: 'nothing' })
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT', field: 'documentId' } }] })
  })

  it('being trusted gives no rights', async () => {
    expect(await send({ documentId: 'hidden' })).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
  })

  it('outside production a storefront may ask anything it has a right to', async () => {
    expect((await development.ask('{ products { id } }', { role: 'STOREFRONT' })).errors).toBeUndefined()
  })

  it('without a file a storefront in production has none, and a file that is none stops the start', async () => {
    const none = await startTestApp(production({}))
    try {
      expect((await none.ask('{ products { id } }', { role: 'STOREFRONT' })).errors![0]!.extensions.code).toBe(
        'FORBIDDEN',
      )
    } finally {
      await none.stop()
    }
    const bad = path.join(folder, 'bad.json')
    await writeFile(bad, '[1]')
    for (const file of [bad, path.join(folder, 'missing.json')])
      await expect(startTestApp(production({ TRUSTED_DOCUMENTS: file }))).rejects.toThrow(/TRUSTED_DOCUMENTS/)
  })

  it('without a token in production nobody learns whether a field exists', async () => {
    const answers = await Promise.all(
      [
        '{ custmers { id } }',
        '{ customers { id } }',
        '{ customers { nonsense } }',
        '{ __schema { queryType { name } } }',
      ].map((query) => app.ask(query)),
    )
    const [first, ...others] = answers
    expect(first).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
    for (const other of others) expect(other).toEqual(first)
    const { client } = connectTo(app)
    const onSocket = [await firstOf(client, '{ custmers { id } }'), await firstOf(client, '{ customers { id } }')]
    expect(onSocket[0]).toEqual(onSocket[1])
    await client.dispose()
  })
})
