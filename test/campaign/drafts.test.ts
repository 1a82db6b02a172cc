import { beforeEach, describe, expect, it } from 'vitest'
import { type Ask, createTestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { day, emptyShop } from '../support/shop.ts'

const FIELDS = `id name status type startsAt endsAt channels priority budget holdoutShare author modelIds webhookUrl
  createdAt updatedAt frequencyCap { max days channel } segment { id } products { id } coupons { id }`
const CREATE = `mutation ($input: CampaignInput!) { createCampaign(input: $input) { ${FIELDS} } }`
const UPDATE = `mutation ($id: ID!, $input: CampaignInput!) { updateCampaign(id: $id, input: $input) { ${FIELDS} } }`

const LEAST = {
  name: 'Spring',
  segmentId: 's1',
  products: ['p1'],
  channels: ['EMAIL'],
  startsAt: day(10),
  endsAt: day(20),
}
const ALL = {
  ...LEAST,
  products: ['p1', 'p2'],
  coupons: ['k1'],
  channels: ['SMS', 'EMAIL'],
  holdoutShare: 0.25,
  frequencyCap: { max: 2, days: 7, channel: 'SMS' },
  priority: -3,
  budget: 500,
  modelIds: ['m1', 'm2'],
  webhookUrl: 'https://hooks.example.com/alongside?key=1',
}

describe('A campaign', () => {
  const app = createTestApp()
  beforeEach(async () => {
    await emptyShop(app)
    await cypher(
      app.driver,
      `FOREACH (id IN ['p1', 'p2', 'p3'] | CREATE (:Product {id: id, name: id, active: true, merchandise: true}))
       CREATE (:Segment {id: 's1', name: 'All'}), (:Segment {id: 's2', name: 'Others'}), (:Coupon {id: 'k1'}),
              (:Model {id: 'm1', status: 'READY'}), (:Model {id: 'm2', status: 'ACTIVE'}),
              (:Campaign {id: 'past', name: 'Campaign past', type: 'Type A', status: 'COMPLETED', origin: 'IMPORT',
                          startsAt: datetime($from), endsAt: datetime($to)})`,
      { from: day(1), to: day(5) },
    )
  })

  const asked = (query: string, variables: object, ask: Ask = {}) =>
    app.ask(query, { role: 'MARKETER', ...ask, variables })
  const create = async (input: object = LEAST) =>
    (await app.data(CREATE, { role: 'MARKETER', variables: { input } })).createCampaign
  const refused = async (query: string, variables: object) => {
    const { errors, data } = await asked(query, variables)
    expect(data).toBeFalsy()
    return errors![0]!
  }
  const written = () =>
    cypher<{ campaigns: object[] }>(
      app.driver,
      `MATCH (c:Campaign) OPTIONAL MATCH (c)-[r]->(o) WITH c, r, o ORDER BY type(r), o.id
       WITH c, collect(type(r) + ' ' + o.id) AS leads ORDER BY c.id RETURN collect([properties(c), leads]) AS campaigns`,
    )

  it('is made in DRAFT by whoever asks, with all that was said of it', async () => {
    const campaign = await create(ALL)
    const { segmentId, products, coupons, ...said } = ALL
    expect(campaign).toMatchObject({ ...said, status: 'DRAFT', author: 'marketer', type: null })
    expect(campaign.segment).toEqual([{ id: segmentId }])
    expect(campaign.products.map(({ id }: { id: string }) => id).sort()).toEqual(products)
    expect(campaign.coupons).toEqual([{ id: 'k1' }])
    expect(campaign.createdAt).toBeTruthy()
    const { campaigns } = await app.data(`{ campaigns(where: { id: { eq: "${campaign.id}" } }) { ${FIELDS} } }`, {
      role: 'MARKETER',
    })
    expect(campaigns[0]).toMatchObject({ ...said, author: 'marketer' })
  })

  it('takes its defaults where nothing is said: a tenth held out, no priority, no budget, no cap, the active model', async () => {
    const said = { holdoutShare: 0.1, priority: 0, budget: null, frequencyCap: null, modelIds: null, webhookUrl: null }
    expect(await create()).toMatchObject(said)
    const nulls = { holdoutShare: null, priority: null, products: null, coupons: ['k1'], modelIds: [] }
    expect(await create({ ...LEAST, ...nulls })).toMatchObject({ ...said, products: [] })
  })

  it.each([
    ['segmentId', { segmentId: 'nobody' }, /"nobody", which does not exist/],
    ['segmentId', { segmentId: '' }, /must not be empty/],
    ['products', { products: ['p1', 'p9'] }, /"p9", which does not exist/],
    ['products', { products: ['p1', 'p1'] }, /"p1" twice/],
    ['products', { products: Array.from({ length: 1_001 }, (_, n) => `p${n}`) }, /1001 entries; at most 1000/],
    ['products', { products: [], coupons: [] }, /products or coupons must name at least one/],
    ['products', { products: undefined }, /products or coupons must name at least one/],
    ['coupons', { coupons: ['k9'] }, /"k9", which does not exist/],
    ['modelIds', { modelIds: ['m1', 'm9'] }, /"m9", which does not exist/],
    ['modelIds', { modelIds: Array.from({ length: 11 }, (_, n) => `m${n}`) }, /at most 10/],
    ['channels', { channels: [] }, /at least one/],
    ['channels', { channels: ['EMAIL', 'SMS', 'EMAIL'] }, /"EMAIL" twice/],
    ['endsAt', { endsAt: day(10) }, /after startsAt/],
    ['endsAt', { endsAt: day(9) }, /after startsAt/],
    ['holdoutShare', { holdoutShare: 1.2 }, /between 0 and 1, not 1.2/],
    ['holdoutShare', { holdoutShare: -0.1 }, /between 0 and 1/],
    ['frequencyCap.max', { frequencyCap: { max: -1, days: 7 } }, /between 1 and 1000, not -1/],
    ['frequencyCap.max', { frequencyCap: { max: 0, days: 7 } }, /between 1/],
    ['frequencyCap.days', { frequencyCap: { max: 1, days: 0 } }, /between 1 and 365/],
    ['frequencyCap.days', { frequencyCap: { max: 1, days: 366 } }, /between 1 and 365/],
    ['priority', { priority: 1_001 }, /between -1000 and 1000/],
    ['budget', { budget: -1 }, /between 0/],
    ['name', { name: ' ' }, /must not be empty/],
    ['name', { name: 'x'.repeat(201) }, /at most 200/],
    ['webhookUrl', { webhookUrl: 'hooks.example.com' }, /is no URL/],
    ['webhookUrl', { webhookUrl: 'http://hooks.example.com' }, /begin with https/],
    ['webhookUrl', { webhookUrl: 'https://me:secret@hooks.example.com' }, /user name or password/],
    ['webhookUrl', { webhookUrl: `https://hooks.example.com/${'x'.repeat(2_000)}` }, /at most 2000/],
  ])('is refused, naming %s (%#), and nothing is written', async (field, change, message) => {
    const before = await written()
    const { extensions, message: said } = await refused(CREATE, { input: { ...LEAST, ...change } })
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', field })
    expect(said).toMatch(message)
    expect(await written()).toEqual(before)
  })

  it.each([
    'https://localhost/x',
    'https://api.localhost./x',
    'https://127.0.0.1',
    'https://127.1:8443',
    'https://2130706433',
    'https://0x7f.0.0.1',
    'https://0.0.0.0',
    'https://10.1.2.3',
    'https://172.31.255.255',
    'https://192.168.0.1',
    'https://169.254.169.254/latest/meta-data',
    'https://100.64.0.1',
    'https://[::1]',
    'https://[::]',
    'https://[fd00::1]',
    'https://[fe80::1]',
    'https://[::ffff:127.0.0.1]',
    'https://[::ffff:a00:1]',
    'https://[64:ff9b::7f00:1]',
  ])('sends nothing to %s', async (webhookUrl) => {
    const { extensions, message } = await refused(CREATE, { input: { ...LEAST, webhookUrl } })
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'webhookUrl' })
    expect(message).toMatch(/private or loopback/)
  })

  it.each(['https://172.32.0.1/', 'https://8.8.8.8/', 'https://[2606:4700::1111]/', 'https://localhost.example.com/'])(
    'may send to %s',
    async (webhookUrl) => {
      expect((await create({ ...LEAST, webhookUrl })).webhookUrl).toBe(webhookUrl)
    },
  )

  it('is replaced as a whole while it is in DRAFT, and keeps its author, its id and when it was made', async () => {
    const { id, createdAt } = await create(ALL)
    const input = { ...LEAST, name: 'Summer', segmentId: 's2', products: ['p3'], channels: ['PUSH'] }
    const answer = await asked(UPDATE, { id, input }, { token: await app.token('ADMIN', { subject: 'boss' }) })
    expect(answer.errors).toBeUndefined()
    const { updateCampaign } = answer.data
    expect(updateCampaign).toMatchObject({ id, createdAt, name: 'Summer', author: 'marketer', channels: ['PUSH'] })
    expect(updateCampaign).toMatchObject({ frequencyCap: null, budget: null, priority: 0, modelIds: null, coupons: [] })
    expect(updateCampaign).toMatchObject({ segment: [{ id: 's2' }], products: [{ id: 'p3' }], webhookUrl: null })
    expect(Date.parse(updateCampaign.updatedAt)).toBeGreaterThanOrEqual(Date.parse(createdAt))
  })

  it('stays as it was when what replaces it is refused', async () => {
    const { id } = await create(ALL)
    const before = await written()
    for (const change of [{ segmentId: 'nobody' }, { products: ['p9'] }, { holdoutShare: 1.2 }])
      expect((await refused(UPDATE, { id, input: { ...LEAST, ...change } })).extensions.code).toBe('BAD_USER_INPUT')
    expect(await written()).toEqual(before)
  })

  it('can not be replaced when it is COMPLETED', async () => {
    const status = 'COMPLETED'
    const { id } = await create()
    await cypher(app.driver, 'MATCH (c:Campaign {id: $id}) SET c.status = $status', { id, status })
    const before = await written()
    const { extensions, message } = await refused(UPDATE, { id, input: ALL })
    expect(extensions.code).toBe('CONFLICT')
    expect(message).toContain(status)
    expect(await written()).toEqual(before)
  })

  it('must exist to be replaced', async () => {
    expect((await refused(UPDATE, { id: 'none', input: LEAST })).extensions.code).toBe('NOT_FOUND')
    expect((await refused(UPDATE, { id: 'past', input: LEAST })).extensions.code).toBe('CONFLICT')
  })

  it('is one of those that replaced it at the same moment, never a mixture', async () => {
    const { id } = await create()
    const inputs = Array.from({ length: 12 }, (_, n) => ({
      ...LEAST,
      name: `n${n}`,
      priority: n,
      segmentId: n % 2 ? 's1' : 's2',
      products: [`p${1 + (n % 3)}`],
    }))
    const answers = await Promise.all(inputs.map((input) => asked(UPDATE, { id, input })))
    expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([])
    const [row] = await cypher<{ name: string; priority: number; segments: string[]; products: string[] }>(
      app.driver,
      `MATCH (c:Campaign {id: $id}) RETURN c.name AS name, c.priority AS priority,
         [(c)-[:AIMS_AT]->(s) | s.id] AS segments, [(c)-[:PROMOTES]->(p) | p.id] AS products`,
      { id },
    )
    const { name, priority, segmentId, products } = inputs[row!.priority]!
    expect(row).toEqual({ name, priority, segments: [segmentId], products })
  })

  it('of the past reads as before, the new fields empty', async () => {
    const { campaigns } = await app.data(`{ campaigns { ${FIELDS} } }`, { role: 'MARKETER' })
    expect(campaigns).toMatchObject([
      {
        id: 'past',
        type: 'Type A',
        status: 'COMPLETED',
        channels: null,
        author: null,
        frequencyCap: null,
        segment: [],
      },
    ])
  })

  it('shows its webhook to MARKETER and ADMIN only', async () => {
    await create(ALL)
    const query = '{ campaigns { name webhookUrl } }'
    for (const role of ['MARKETER', 'ADMIN'] as const) expect((await app.ask(query, { role })).errors).toBeUndefined()
    expect((await app.ask(query, { role: 'ANALYST' })).errors![0]!.extensions.code).toBe('FORBIDDEN')
    expect((await app.ask('{ campaigns { name priority } }', { role: 'ANALYST' })).errors).toBeUndefined()
  })

  it.each(['STOREFRONT', 'ANALYST', 'INGEST', 'PRIVACY_OFFICER'] as const)('is not made by %s', async (role) => {
    const { id } = await create()
    for (const [query, variables] of [
      [CREATE, { input: LEAST }],
      [UPDATE, { id, input: LEAST }],
    ] as const)
      expect((await app.ask(query.replace(FIELDS, 'id'), { role, variables })).errors![0]!.extensions.code).toBe(
        'FORBIDDEN',
      )
  })
})

describe('With WEBHOOK_PRIVATE_HOSTS=on a campaign', () => {
  const app = createTestApp({ WEBHOOK_PRIVATE_HOSTS: 'on' })

  it('may send to this machine by http, and elsewhere by https only', async () => {
    await cypher(app.driver, "CREATE (:Segment {id: 's1'}), (:Product {id: 'p1'})")
    const create = (webhookUrl: string) =>
      app.ask(CREATE.replace(FIELDS, 'webhookUrl'), { role: 'ADMIN', variables: { input: { ...LEAST, webhookUrl } } })
    expect((await create('http://127.0.0.1:9999/hook')).data.createCampaign.webhookUrl).toBe(
      'http://127.0.0.1:9999/hook',
    )
    expect((await create('http://example.com')).errors![0]!.extensions.field).toBe('webhookUrl')
  })
})
