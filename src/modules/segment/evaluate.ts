import { compareText } from '../../batch.ts'
import type { Graph, QueryOptions } from '../../graph/query.ts'
import { type Condition, LEAF_NAMES, type LeafName } from './condition.ts'
import { all, any, type Found, not } from './found.ts'
import { type Ask, LEAVES } from './leaves.ts'
import { dayOf } from './period.ts'

/** Statements of one evaluation under way at once: as many as there are cores to answer them, on a small machine. */
const AT_ONCE = 2

/** Works out whom a condition holds for, as of the day of the latest order. */
export function evaluate(graph: Graph, condition: Condition, options: QueryOptions = {}) {
  const slots = createSlots(AT_ONCE)
  const ask: Ask = (name, params) =>
    slots(async () => {
      const row = (await graph.query(name, params, options)) as { ids: string[] } | null
      return row!.ids
    })

  async function found(): Promise<Found> {
    const latest = await graph.query('segment/as-of', {}, options)
    // Without an order there is no day to count from: far from everything that may have happened.
    const asOf = dayOf(latest?.latest ?? new Date(0))
    const asked = new Map<string, Promise<Found>>()
    const combined = (one: Condition): Promise<Found> => {
      if (one.all) return Promise.all(one.all.map(combined)).then(all)
      if (one.any) return Promise.all(one.any.map(combined)).then(any)
      if (one.not) return combined(one.not).then(not)
      // What is said twice is asked once.
      const key = JSON.stringify(one)
      const answer = asked.get(key) ?? leafOf(one, asOf, ask)
      asked.set(key, answer)
      return answer
    }
    return combined(condition)
  }

  return {
    /** Ids, ascending. */
    async members(): Promise<string[]> {
      const { ids, others } = await found()
      if (!others) return [...ids].sort(compareText)
      const everyone = await ask('segment/everyone', {})
      return everyone.filter((id) => !ids.has(id)).sort(compareText)
    },
    async count(): Promise<number> {
      const { ids, others } = await found()
      if (!others) return ids.size
      const { customers } = (await graph.query('segment/customer-count', {}, options))!
      return customers - ids.size
    },
  }
}

function leafOf(condition: Condition, asOf: Date, ask: Ask): Promise<Found> {
  const name = LEAF_NAMES.find((one) => condition[one] !== undefined)!
  const leaf = LEAVES[name] as (given: Required<Condition>[LeafName], asOf: Date, ask: Ask) => Promise<Found>
  return leaf(condition[name]!, asOf, ask)
}

/** Runs work at once up to a number of them, the others in the order they came. */
function createSlots(free: number) {
  const waiting: (() => void)[] = []
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}
