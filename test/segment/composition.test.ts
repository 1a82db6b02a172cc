import { beforeAll, describe, expect, it } from 'vitest'
import { seeded } from '../../src/random.ts'
import { createTestApp } from '../support/app.ts'
import { asking } from './asking.ts'
import { everyoneOf, make, world } from './world.ts'

const LEAVES = [
  { attribute: { name: 'age', in: ['25-34'] } },
  { attribute: { name: 'income' } },
  { bought: { productId: 'p03' } },
  { bought: { categoryId: 'department:DRUG GM', period: { lastDays: 40 } } },
  { bought: { productId: 'unknown' } },
  { spend: { max: 30, period: { lastDays: 60 } } },
  { spend: { min: 20 } },
  { rfm: { recency: [4, 5], frequency: [2, 3, 4, 5] } },
  { lifecycle: ['NEW', 'PROSPECT'] },
  { consent: { purpose: 'MARKETING', channel: 'EMAIL' } },
  { consent: { purpose: 'PROFILING' } },
  { response: { types: ['CLICKED', 'REDEEMED'] } },
]

type Made = object & { all?: Made[]; any?: Made[]; not?: Made }
const next = seeded(23)
const below = (limit: number) => Math.floor(next() * limit)

function random(depth: number): Made {
  const how = depth === 0 ? 0 : below(4)
  const some = () => Array.from({ length: below(4) }, () => random(depth - 1))
  if (how === 1) return { all: some() }
  if (how === 2) return { any: some() }
  return how === 3 ? { not: random(depth - 1) } : LEAVES[below(LEAVES.length)]!
}

const CONDITIONS = Array.from({ length: 12 }, () => random(4))

describe('Conditions combined', () => {
  const app = createTestApp()
  const { members } = asking(app)
  const made = world()
  const everyone = everyoneOf(made)
  const leaves = new Map<object, string[]>()
  beforeAll(async () => {
    await make(app, made)
    for (const leaf of LEAVES) leaves.set(leaf, await members(leaf))
  })

  /** By asking of everybody whether it holds. */
  const holds = (condition: Made, id: string): boolean => {
    if (condition.all) return condition.all.every((one) => holds(one, id))
    if (condition.any) return condition.any.some((one) => holds(one, id))
    return condition.not ? !holds(condition.not, id) : leaves.get(condition)!.includes(id)
  }

  it('are told apart: each named one holds for others', () => {
    expect(new Set([...leaves.values()].map((ids) => ids.join())).size).toBe(LEAVES.length)
  })

  it.each(CONDITIONS)('hold for whom their parts say: %j', async (x) => {
    expect(await members(x)).toEqual(everyone.filter((id) => holds(x, id)))
  })

  it.each(CONDITIONS)('not not x is x, x or not x everybody, x and not x nobody: %j', async (x) => {
    expect(await members({ not: { not: x } })).toEqual(await members(x))
    expect(await members({ any: [x, { not: x }] })).toEqual(everyone)
    expect(await members({ all: [x, { not: x }] })).toEqual([])
  })

  it.each(CONDITIONS.slice(1).map((y, at) => [CONDITIONS[at]!, y] as const))(
    'not (x and y) is not x or not y, and the other way round: %j, %j',
    async (x, y) => {
      const [notX, notY] = [{ not: x }, { not: y }]
      expect(await members({ not: { all: [x, y] } })).toEqual(await members({ any: [notX, notY] }))
      expect(await members({ not: { any: [x, y] } })).toEqual(await members({ all: [notX, notY] }))
    },
  )

  it('all of none holds for everybody, any of none for nobody', async () => {
    expect(await members({ all: [] })).toEqual(everyone)
    expect(await members({ any: [] })).toEqual([])
  })
})
