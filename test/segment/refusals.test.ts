import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, it } from 'vitest'
import published from '../../schema/segment.schema.json' with { type: 'json' }
import { createTestApp } from '../support/app.ts'
import { cypher } from '../support/graph.ts'
import { day, order, record } from '../support/shop.ts'
import { asking } from './asking.ts'

const ok = { bought: { productId: 'p1' } }
const nested = (depth: number) => `${'{"not":'.repeat(depth)}{"all":[]}${'}'.repeat(depth)}`
const NAMES = 'all, any, not, attribute, bought, spend, rfm, lifecycle, consent, response'
const INSTANT = 'expected a date (2017-12-01, which is its midnight UTC) or an instant with its offset'
const PERIOD = 'expected lastDays, with or without endingDaysAgo, or from, to or both'
const bought = (period: unknown) => ({ bought: { productId: 'p1', period } })

/** What is sent, and all that is answered. */
const REFUSED: [unknown, string][] = [
  [{}, `condition: expected one of ${NAMES}.`],
  ['{"all":[]}', 'condition: expected object, received string.'],
  [[ok], 'condition: expected object, received array.'],
  [{ ...ok, all: [] }, `condition: expected one of ${NAMES}.`],
  [{ bougth: {} }, `condition: there is no condition "bougth"; there are ${NAMES}.`],
  [
    { all: [ok, { any: [{ weather: 'fine' }] }] },
    `condition.all[1].any[0]: there is no condition "weather"; there are ${NAMES}.`,
  ],
  [{ all: ok }, 'condition.all: expected array, received object.'],
  [{ not: [ok] }, 'condition.not: expected object, received array.'],
  [{ all: [ok, null] }, 'condition.all[1]: expected object, received null.'],
  [{ all: [ok, { bought: { productId: 7 } }] }, 'condition.all[1].bought.productId: expected string, received number.'],
  [{ not: { bought: {} } }, 'condition.not.bought: expected one of productId and categoryId.'],
  [{ bought: { productId: 'p1', categoryId: 'c1' } }, 'condition.bought: expected one of productId and categoryId.'],
  [{ bought: { productId: '' } }, 'condition.bought.productId: Too small: expected string to have >=1 characters.'],
  [{ bought: { productId: 'p1', when: 1 } }, 'condition.bought: Unrecognized key: "when".'],
  [bought({}), `condition.bought.period: ${PERIOD}.`],
  [bought({ endingDaysAgo: 3 }), `condition.bought.period: ${PERIOD}.`],
  [bought({ lastDays: 3, from: '2024-01-01' }), `condition.bought.period: ${PERIOD}.`],
  [bought({ lastDays: 0 }), 'condition.bought.period.lastDays: Too small: expected number to be >=1.'],
  [bought({ lastDays: 1.5 }), 'condition.bought.period.lastDays: expected int, received number.'],
  [bought({ from: 'yesterday' }), `condition.bought.period.from: ${INSTANT}.`],
  [bought({ from: '2024-02-30' }), `condition.bought.period.from: ${INSTANT}.`],
  [bought({ from: '2024-01-01T10:00:00' }), `condition.bought.period.from: ${INSTANT}.`],
  [bought({ from: '2024-01-02', to: '2024-01-02' }), 'condition.bought.period.to: expected a time after `from`.'],
  [
    { attribute: { name: 'email', in: ['a'] } },
    'condition.attribute.name: Invalid option: expected one of "age"|"income"|"householdSize"|"homeOwnership"|"maritalStatus"|"householdComposition"|"kids"|"language"|"timeZone".',
  ],
  [{ attribute: { name: 'age', in: [] } }, 'condition.attribute.in: Too small: expected array to have >=1 items.'],
  [{ attribute: { name: 'age', in: ['a', 1] } }, 'condition.attribute.in[1]: expected string, received number.'],
  [{ spend: {} }, 'condition.spend: expected min, max or both.'],
  [{ spend: { min: -1 } }, 'condition.spend.min: Too small: expected number to be >=0.'],
  [{ spend: { min: 2, max: 1 } }, 'condition.spend.max: expected no less than min.'],
  [{ rfm: {} }, 'condition.rfm: expected recency, frequency or monetary.'],
  [{ rfm: { recency: [6] } }, 'condition.rfm.recency[0]: Too big: expected number to be <=5.'],
  [
    { lifecycle: ['GONE'] },
    'condition.lifecycle[0]: Invalid option: expected one of "NEW"|"ACTIVE"|"LAPSING"|"LOST"|"PROSPECT".',
  ],
  [
    { consent: { purpose: 'MARKETING' } },
    'condition.consent.channel: Invalid option: expected one of "EMAIL"|"PUSH"|"SMS"|"WEB".',
  ],
  [{ response: { types: ['SEEN'] } }, 'condition.response.types[0]: Invalid option: expected one of'],
  [{ all: Array(101).fill(ok) }, 'condition.all: more than 100 conditions.'],
  [{ all: Array(10).fill({ any: Array(10).fill(ok) }) }, 'condition.all[9]: more than 100 conditions.'],
]

describe('A condition that is not right', () => {
  const app = createTestApp()
  const { preview, save, saved } = asking(app)
  beforeAll(() => record(app, [order('o1', 'c1', day(1), ['p1'])]))
  const segments = async () =>
    cypher(app.driver, 'MATCH (s:Segment) RETURN s.id AS id, s.name AS name, s.condition AS condition')

  it.each(REFUSED.map(([condition, message]) => [message, condition]))('is refused: %s', async (message, condition) => {
    for (const ask of [() => preview(condition), () => save({ condition })]) {
      const { errors, data } = await ask()
      expect(errors?.[0]?.message).toContain(message)
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'condition' })
      expect(data ?? null).toBeNull()
    }
    expect(await segments()).toEqual([])
  })

  it.each([11, 100, 100_000])('nested %i deep is refused, whoever sends it', async (depth) => {
    const condition = JSON.parse(nested(depth))
    const body = `{"query":"query ($input: SegmentInput!) { segmentPreview(input: $input) { size } }","variables":{"input":{"name":"deep","condition":${nested(depth)}}}}`
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${await app.token('ADMIN')}` }
    const answer = await (await fetch(`${app.url}/graphql`, { method: 'POST', headers, body })).json()
    expect(answer).toMatchObject({
      errors: [
        {
          message: `condition${'.not'.repeat(11)}: more than 10 levels of all, any and not.`,
          extensions: { code: 'BAD_USER_INPUT', field: 'condition' },
        },
      ],
    })
    const bound = { ...headers, authorization: `Bearer ${await app.token('ADMIN', { customer: 'c1' })}` }
    const refused = await (await fetch(`${app.url}/graphql`, { method: 'POST', headers: bound, body })).json()
    expect(refused).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
    if (depth <= 100) expect((await save({ condition })).errors![0]!.extensions.field).toBe('condition')
  })

  it('nested 100 deep in the document is refused as well, and by lists', async () => {
    for (const literal of [
      `${'{ not: '.repeat(100)}{ all: [] }${' }'.repeat(100)}`,
      `${'{ all: ['.repeat(100)}${'] }'.repeat(100)}`,
    ]) {
      const query = `{ segmentPreview(input: { name: "deep", condition: ${literal} }) { size } }`
      expect((await app.ask(query, { role: 'ADMIN' })).errors![0]!.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'condition',
      })
    }
  })

  it('nested ten deep, with a hundred conditions in it, is taken', async () => {
    expect((await preview(JSON.parse(nested(10)))).data.segmentPreview.size).toBe(1)
    expect((await preview({ any: Array(99).fill(ok) })).data.segmentPreview.size).toBe(1)
  })

  it('leaves the segment that it would replace as it was', async () => {
    const id = await saved(ok)
    const before = await segments()
    const { errors } = await save({ id, name: 'other', condition: { all: [{ bought: { productId: null } }] } })
    expect(errors![0]!.message).toBe('condition.all[0].bought.productId: expected string, received null.')
    expect(await segments()).toEqual(before)
  })

  it('is refused by the published JSON Schema as well, but for what lies between two parts', () => {
    // Formats come with patterns, which say the same.
    const validate = new Ajv2020({ validateFormats: false, strict: false }).compile(published)
    const between = /time after|no less than|more than 100/
    const taken = REFUSED.filter(([condition, message]) => !between.test(message) && validate(condition))
    expect(taken).toEqual([])
    expect(validate({ all: [ok, { not: bought({ lastDays: 3 }) }, { spend: { min: 1, max: 2 } }] })).toBe(true)
  })

  it('or a name that is empty or too long, or an id that no segment has, is refused', async () => {
    const cases: [object, string, string | undefined][] = [
      [{ name: ' ', condition: ok }, 'BAD_USER_INPUT', 'name'],
      [{ name: 'x'.repeat(201), condition: ok }, 'BAD_USER_INPUT', 'name'],
      [{ id: '', condition: ok }, 'BAD_USER_INPUT', 'id'],
      [{ id: 'nobody', condition: ok }, 'NOT_FOUND', undefined],
    ]
    for (const [input, code, field] of cases) {
      const { extensions } = (await save(input)).errors![0]!
      expect([extensions.code, extensions.field]).toEqual([code, field])
    }
  })
})
