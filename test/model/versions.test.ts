import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApp, startTestApp, type TestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { market, tell } from '../support/market.ts'
import { asking } from '../support/offers.ts'
import { connectTo } from '../support/sockets.ts'

type Told = { id: string; status: string; progress: number }

const TRAIN = 'mutation ($input: ModelInput) { trainModel(input: $input) { id status progress } }'
const ACTIVATE = 'mutation ($id: ID!) { activateModel(id: $id) { id status } }'
const ROLLBACK = 'mutation { rollbackModel { id status } }'
const DIFF = `query ($from: ID!, $to: ID!) { modelDiff(from: $from, to: $to, customerId: "c03") {
  product { id } before { rank score evidence { kind contribution } } after { rank score evidence { kind contribution } } } }`
const PROGRESS = 'subscription ($id: ID) { modelProgress(modelId: $id) { id status progress } }'

describe('Versions of the recommender', () => {
  const app = createTestApp()
  const { crossSell, refused } = asking(app)
  const others: TestApp[] = []

  beforeAll(() => tell(app, market()))
  beforeEach(() => cypher(app.driver, 'MATCH (m:Model) DETACH DELETE m'))
  afterEach(async () => {
    for (const other of others.splice(0)) await other.stop()
  })

  const another = async () => {
    const other = await startTestApp()
    others.push(other)
    return other
  }
  const begin = async (on: TestApp, input?: object): Promise<Told> =>
    (await on.data(TRAIN, { role: 'ANALYST', variables: { input } })).trainModel
  const statusOf = async (id: string): Promise<string | undefined> => {
    const { models } = await app.data('{ models { id status } }', { role: 'ANALYST' })
    return models.find((model: Told) => model.id === id)?.status
  }
  const trained = async (on: TestApp, input?: object) => {
    const { id } = await begin(on, input)
    await expect.poll(() => statusOf(id), { timeout: 60_000 }).toBe('READY')
    return id
  }
  const activate = (id: string) => app.ask(ACTIVATE, { role: 'ADMIN', variables: { id } })
  const rollback = () => app.ask(ROLLBACK, { role: 'ADMIN' })
  const answering = async (on: TestApp) => (await asking(on).crossSell({ customerId: 'c03', first: 1 })).model.id
  const learnedBy = async (model: string) => {
    const [row] = await cypher<{ learned: number }>(
      app.driver,
      'MATCH ()-[r {model: $model}]->() RETURN count(r) AS learned',
      { model },
    )
    return row!.learned
  }

  it('are trained beside the active one, which goes on answering, and tell how far they are', async () => {
    const first = await trained(app)
    expect((await activate(first)).data.activateModel).toEqual({ id: first, status: 'ACTIVE' })
    const { client } = connectTo(app, await app.token('MARKETER'))
    const told: Told[] = []
    const ear = {
      next: ({ data }: { data?: unknown }) => void told.push((data as { modelProgress: Told }).modelProgress),
    }
    client.subscribe({ query: PROGRESS }, { ...ear, error() {}, complete() {} })
    try {
      const begun = await begin(app)
      expect(begun.status).toBe('TRAINING')
      expect(await answering(app)).toBe(first)
      await expect.poll(() => told.at(-1)?.status, { timeout: 60_000 }).toBe('READY')
      expect(new Set(told.map(({ id }) => id))).toEqual(new Set([begun.id]))
      expect(told.map(({ progress }) => progress)).toEqual(told.map(({ progress }) => progress).sort((a, b) => a - b))
      expect(await answering(app)).toBe(first)
    } finally {
      await client.dispose()
    }
  })

  it('tell at once how they are to whoever asks for one, and that it does not exist', async () => {
    const id = await trained(app)
    const { client } = connectTo(app, await app.token('ANALYST'))
    const firstOf = (of: string) =>
      new Promise((resolve, reject) => {
        client.subscribe({ query: PROGRESS, variables: { id: of } }, { next: resolve, error: reject, complete() {} })
      })
    try {
      expect(await firstOf(id)).toEqual({ data: { modelProgress: { id, status: 'READY', progress: 1 } } })
      expect(await firstOf('nothing')).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] })
    } finally {
      await client.dispose()
    }
  })

  it('are trained one at a time, whoever begins', async () => {
    const other = await another()
    const { id } = await begin(app)
    for (const on of [app, other]) {
      const answer = await on.ask(TRAIN, { role: 'ADMIN' })
      expect(answer.errors).toMatchObject([{ extensions: { code: 'CONFLICT' }, message: expect.stringContaining(id) }])
    }
    await expect.poll(() => statusOf(id), { timeout: 60_000 }).toBe('READY')
    await trained(other)
  })

  it('answer in turn: activated, taken back at once on every instance, and activated again', async () => {
    const other = await another()
    const [one, two] = [await trained(app), await trained(app)]
    await activate(one)
    expect((await rollback()).errors![0]!.extensions.code).toBe('CONFLICT')
    await activate(two)
    for (const on of [app, other]) expect(await answering(on)).toBe(two)
    expect((await rollback()).data.rollbackModel).toEqual({ id: one, status: 'ACTIVE' })
    for (const on of [app, other]) expect(await answering(on)).toBe(one)
    expect(await statusOf(two)).toBe('READY')
    expect((await rollback()).errors![0]!.message).toBe('No version is kept that answered before the active one.')
    await activate(two)
    expect((await rollback()).data.rollbackModel.id).toBe(one)
  })

  it('are retired when two newer ones have answered: nothing of what they learned is left, and they say so', async () => {
    const [one, two, three] = [await trained(app), await trained(app), await trained(app)]
    for (const id of [one, two]) await activate(id)
    expect([await statusOf(one), await statusOf(two), await statusOf(three)]).toEqual(['READY', 'ACTIVE', 'READY'])
    expect(await learnedBy(one)).toBeGreaterThan(0)
    await activate(three)
    expect([await statusOf(one), await statusOf(two), await statusOf(three)]).toEqual(['RETIRED', 'READY', 'ACTIVE'])
    await expect.poll(() => learnedBy(one), { timeout: 20_000 }).toBe(0)
    expect(await learnedBy(two)).toBeGreaterThan(0)
    expect((await crossSell({ customerId: 'c03', model: two })).items.length).toBeGreaterThan(0)
    for (const answer of [(await activate(one)).errors![0]!, await refused({ customerId: 'c03', model: one })]) {
      expect(answer.extensions.code).toBe('CONFLICT')
      expect(answer.message).toBe(`Model ${one} is RETIRED: nothing of what it learned is kept.`)
    }
  })

  it('that do not exist, or are not trained to their end, are not activated', async () => {
    expect((await activate('nothing')).errors![0]!.extensions.code).toBe('NOT_FOUND')
    const { id } = await begin(app)
    expect((await activate(id)).errors![0]).toMatchObject({
      message: `Model ${id} is still being trained.`,
      extensions: { code: 'CONFLICT' },
    })
    await expect.poll(() => statusOf(id), { timeout: 60_000 }).toBe('READY')
  })

  it('that an instance trained when it stopped have failed, and the next training clears away what they wrote', async () => {
    const active = await trained(app)
    await activate(active)
    const other = await startTestApp()
    const { id } = await begin(other)
    await expect.poll(() => learnedBy(id), { timeout: 30_000, interval: 10 }).toBeGreaterThan(0)
    await other.stop()
    expect(await statusOf(id)).toBe('FAILED')
    expect(await answering(app)).toBe(active)
    await trained(app)
    await expect.poll(() => learnedBy(id), { timeout: 20_000 }).toBe(0)
  })

  it('whose training was killed are given up when it has been silent for half a minute', async () => {
    const id = await trained(app)
    await cypher(
      app.driver,
      `MATCH (m:Model {id: $id}) SET m.status = 'TRAINING', m.aliveAt = datetime.realtime() - duration({seconds: $ago})`,
      { id, ago: 25 },
    )
    expect((await app.ask(TRAIN, { role: 'ADMIN' })).errors![0]!.extensions.code).toBe('CONFLICT')
    await cypher(app.driver, 'MATCH (m:Model {id: $id}) SET m.aliveAt = m.aliveAt - duration({seconds: 10})', { id })
    await trained(app)
    await expect.poll(() => statusOf(id), { timeout: 20_000 }).toBe('FAILED')
    await expect.poll(() => learnedBy(id), { timeout: 20_000 }).toBe(0)
  })

  it('show what they change for a customer: offers that came, went, moved or rest on something else', async () => {
    const [one, same, other] = [await trained(app), await trained(app), await trained(app, { kinds: ['BOUGHT_WITH'] })]
    const diff = async (from: string, to: string) =>
      (await app.data(DIFF, { role: 'MARKETER', variables: { from, to } })).modelDiff
    expect(await diff(one, same)).toEqual([])
    const changed = await diff(one, other)
    const first = async (model: string) =>
      (await crossSell({ customerId: 'c03', first: 10, model })).items.map(({ product, rank, score }) => [
        product.id,
        rank,
        expect.closeTo(score, 9),
      ])
    type Change = { product: { id: string }; before: Told2; after: Told2 }
    type Told2 = { rank: number; score: number; evidence: { kind: string }[] } | null
    const side = (name: 'before' | 'after') =>
      (changed as Change[])
        .filter((change) => change[name])
        .map((change) => [change.product.id, change[name]!.rank, change[name]!.score])
        .sort(([, a], [, b]) => (a as number) - (b as number))
    expect(side('before')).toEqual(await first(one))
    expect(side('after')).toEqual(await first(other))
    for (const { after } of changed as Change[])
      expect(new Set(after?.evidence.map(({ kind }) => kind) ?? ['BOUGHT_WITH'])).toEqual(new Set(['BOUGHT_WITH']))
  })

  it('learn only what is asked for, and refuse what can’t be learned', async () => {
    const id = await trained(app, { kinds: ['TRENDING'], until: '2024-02-01T00:00:00Z' })
    const { models } = await app.data('{ models { id dataUntil metrics } }', { role: 'ANALYST' })
    expect(models.find((model: Told) => model.id === id)).toMatchObject({
      dataUntil: expect.stringMatching(/^2024-01-3/),
      metrics: { written: { TRENDING: expect.any(Number) } },
    })
    const none = await app.ask(TRAIN, { role: 'ADMIN', variables: { input: { kinds: ['BOOST'] } } })
    expect(none.errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.kinds' })
    const early = await app.ask(TRAIN, { role: 'ADMIN', variables: { input: { until: '1999-01-01T00:00:00Z' } } })
    expect(early.errors![0]!.extensions.code).toBe('CONFLICT')
  })
})
