import { beforeAll, describe, expect, it } from 'vitest'
import { createTestApp } from '../support/app.ts'
import { LAST_DAY } from '../support/market.ts'
import { day } from '../support/shop.ts'
import { asking } from './asking.ts'
import { everyoneOf, make, ordersOf, world } from './world.ts'

const DAY = 86_400_000
/** The midnight before the latest order. */
const AS_OF = Date.parse(day(LAST_DAY, '00:00:00.000'))

/** Every named condition beside the same counted by hand, from what was sent. */
describe('In a small world', () => {
  const app = createTestApp()
  const { members, preview } = asking(app)
  const made = world()
  const everyone = everyoneOf(made)
  const orders = ordersOf(made)
  const who = (holds: (id: string) => boolean) => everyone.filter(holds)
  const ordersBy = (id: string) => orders.filter(({ customerId }) => customerId === id)
  beforeAll(() => make(app, made))

  it('has someone and not everyone on each side of what is asked', () => {
    expect(everyone.length).toBeGreaterThan(50)
    expect(who((id) => ordersBy(id).length === 0)).toEqual(expect.arrayContaining(['n-age', 'n-cancelled', 'n-view']))
  })

  it.each([
    ['age', ['25-34']],
    ['age', ['25-34', '65+', 'never seen']],
    ['income', ['35-49K']],
    ['timeZone', ['Europe/Warsaw']],
  ] as const)('an attribute is one of some values: %s in %j', async (name, values) => {
    const attribute = (id: string) => (made.customers.find((one) => one.id === id) as Record<string, string>)?.[name]
    expect(await members({ attribute: { name, in: values } })).toEqual(
      who((id) => (values as readonly string[]).includes(attribute(id)!)),
    )
    expect(await members({ attribute: { name } })).toEqual(who((id) => attribute(id) !== undefined))
  })

  const PERIODS: [object | undefined, number, number][] = [
    [undefined, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    [{ lastDays: 1 }, AS_OF, AS_OF + DAY],
    [{ lastDays: 30 }, AS_OF - 29 * DAY, AS_OF + DAY],
    [{ lastDays: 30, endingDaysAgo: 30 }, AS_OF - 59 * DAY, AS_OF - 29 * DAY],
    [
      { from: '2024-02-01', to: '2024-02-20' },
      Date.parse(day(32, '00:00:00.000')),
      Date.parse(day(51, '00:00:00.000')),
    ],
    [{ from: day(60) }, Date.parse(day(60)), Number.POSITIVE_INFINITY],
    [{ to: '2024-02-20T01:00:00+02:00' }, Number.NEGATIVE_INFINITY, Date.parse(day(50, '23:00:00.000'))],
  ]

  describe.each(PERIODS)('in the period %j', (period, from, to) => {
    const within = ({ at }: { at: number }) => at >= from && at < to
    const about = period ? { period } : {}

    it.each(['p03', 'p11', 'p17', 'unknown'])('who bought %s', async (productId) => {
      expect(await members({ bought: { productId, ...about } })).toEqual(
        who((id) => ordersBy(id).some((order) => within(order) && order.products.includes(productId))),
      )
    })

    it.each([
      ['department:GROCERY', (n: number) => n < 9],
      ['category:SOAP', (n: number) => n >= 9 && n !== 15 && n !== 17],
      ['PASTA | TYPE 2', (n: number) => n < 9 && n % 3 === 2],
      ['category:UNKNOWN', () => false],
    ])('who bought of %s', async (categoryId, holds) => {
      const isOf = (productId: string) => holds(Number(productId.slice(1)))
      expect(await members({ bought: { categoryId, ...about } })).toEqual(
        who((id) => ordersBy(id).some((order) => within(order) && order.products.some(isOf))),
      )
    })

    it.each([{ min: 20 }, { max: 20 }, { min: 0 }, { min: 10, max: 40 }, { max: 0 }, { min: 0, max: 15 }])(
      'who spent %j',
      async (amounts) => {
        const { min = 0, max = Number.POSITIVE_INFINITY } = amounts as { min?: number; max?: number }
        expect(await members({ spend: { ...amounts, ...about } })).toEqual(
          who((id) => {
            const sum = ordersBy(id).reduce((total, order) => total + (within(order) ? order.value : 0), 0)
            return Math.round(sum * 1e6) / 1e6 >= min && Math.round(sum * 1e6) / 1e6 <= max
          }),
        )
      },
    )

    it.each([
      [['CLICKED'], undefined],
      [['CLICKED', 'CONVERTED'], 'quiet'],
      [['REDEEMED', 'SENT'], undefined],
      [['REDEEMED'], 'unknown'],
    ])('who had %j with campaign %s', async (types, campaignId) => {
      const had = made.interactions.filter(
        (one) =>
          types.includes(one.type) &&
          within({ at: Date.parse(one.at) }) &&
          (campaignId === undefined || one.campaignId === campaignId),
      )
      expect(await members({ response: { types, ...about, ...(campaignId ? { campaignId } : {}) } })).toEqual(
        who((id) => had.some(({ customerId }) => customerId === id)),
      )
    })
  })

  it.each([
    ['recency', (of: typeof orders) => Math.max(...of.map(({ at }) => at))],
    ['frequency', (of: typeof orders) => of.length],
    ['monetary', (of: typeof orders) => Math.round(of.reduce((sum, { value }) => sum + value, 0) * 1e6) / 1e6],
  ])('everybody who ordered is in one fifth by %s', async (name, measure) => {
    const values = new Map(
      everyone.flatMap((id) => (ordersBy(id).length > 0 ? [[id, measure(ordersBy(id))] as const] : [])),
    )
    const lower = (value: number) => [...values.values()].filter((other) => other < value).length
    const fifthOf = (id: string) => 1 + Math.floor((5 * lower(values.get(id)!)) / values.size)
    const found = await Promise.all([1, 2, 3, 4, 5].map((fifth) => members({ rfm: { [name]: [fifth] } })))
    found.forEach((ids, at) => {
      expect(ids).toEqual([...values.keys()].filter((id) => fifthOf(id) === at + 1).sort())
    })
    expect(found.flat().sort()).toEqual([...values.keys()].sort())
    expect(await members({ rfm: { [name]: [2, 4] } })).toEqual([...found[1]!, ...found[3]!].sort())
  })

  it('fifths by several measures all hold', async () => {
    const [often, much] = await Promise.all(
      [{ frequency: [4, 5] }, { monetary: [3, 4] }].map((rfm) => members({ rfm })),
    )
    const both = await members({ rfm: { frequency: [4, 5], monetary: [3, 4] } })
    expect(both).toEqual(often!.filter((id) => much!.includes(id)))
    expect(both.length).toBeGreaterThan(0)
  })

  it('everybody is in one stage of the lifecycle', async () => {
    const stageOf = (id: string) => {
      const times = ordersBy(id).map(({ at }) => at)
      if (times.length === 0) return 'PROSPECT'
      const [first, last] = [Math.min(...times), Math.max(...times)]
      if (first >= AS_OF - 29 * DAY) return 'NEW'
      if (last >= AS_OF - 29 * DAY) return 'ACTIVE'
      return last >= AS_OF - 89 * DAY ? 'LAPSING' : 'LOST'
    }
    const stages = ['NEW', 'ACTIVE', 'LAPSING', 'LOST', 'PROSPECT']
    for (const stage of stages) {
      const expected = who((id) => stageOf(id) === stage)
      expect(expected.length, stage).toBeGreaterThan(0)
      expect(await members({ lifecycle: [stage] }), stage).toEqual(expected)
    }
    expect(await members({ lifecycle: ['LOST', 'PROSPECT'] })).toEqual(
      who((id) => ['LOST', 'PROSPECT'].includes(stageOf(id))),
    )
    expect(await members({ lifecycle: stages })).toEqual(everyone)
  })

  it.each(['EMAIL', 'SMS', 'PUSH'])('who may be written to by %s: their newest word on it is yes', async (channel) => {
    const said = (id: string) =>
      made.consents.filter((one) => one.customerId === id && one.purpose === 'MARKETING' && one.channel === channel)
    expect(await members({ consent: { purpose: 'MARKETING', channel } })).toEqual(
      who((id) => said(id).at(-1)?.granted ?? false),
    )
  })

  it('who does not object to profiling: their newest word on it, by whatever channel, is not no', async () => {
    const said = (id: string) => made.consents.filter((one) => one.customerId === id && one.purpose === 'PROFILING')
    const expected = who((id) => said(id).at(-1)?.granted ?? true)
    expect(expected.length).toBeLessThan(everyone.length)
    expect(await members({ consent: { purpose: 'PROFILING' } })).toEqual(expected)
  })

  it('a preview tells how many there are, and the first ten by id', async () => {
    const condition = { not: { bought: { productId: 'p03' } } }
    const ids = await members(condition)
    expect((await preview(condition)).data.segmentPreview).toEqual({
      size: ids.length,
      sample: ids.slice(0, 10).map((id) => ({ id })),
    })
    expect((await preview({ bought: { productId: 'unknown' } })).data.segmentPreview).toEqual({ size: 0, sample: [] })
  })
})
