import { setTimeout as sleep } from 'node:timers/promises'
import { RECORD, type TestOrder } from '../support/shop.ts'
import { ask } from './support.ts'

const WRITERS = 4
const AGAIN_MS = 100

export type Written = {
  /** Ids of the orders that the service said it has. */
  acknowledged: Set<string>
  /** How often it said that an order was new. */
  accepted: number
  /** Requests that were refused: all of them UNAVAILABLE. */
  refused: { ms: number }[]
  /** Requests whose connection broke. */
  broken: number
}

/** What four writers do, each its batches in turn and each batch again until it is acknowledged. Fails at any answer but UNAVAILABLE. */
export function startWriters(batches: TestOrder[][], url: () => string, onAnswer: () => void = () => {}) {
  const so: Written = { acknowledged: new Set(), accepted: 0, refused: [], broken: 0 }
  async function send(orders: TestOrder[]): Promise<boolean> {
    const answer = await ask(url(), RECORD, { role: 'INGEST', variables: { orders } }).catch(() => null)
    if (answer === null) so.broken++
    else if (answer.codes.join() === 'UNAVAILABLE') so.refused.push(answer)
    else {
      const { accepted, duplicates, rejected } = answer.data?.recordOrders ?? {}
      if (answer.codes.length > 0 || rejected.length > 0 || accepted + duplicates !== orders.length)
        throw new Error(`Neither recorded nor UNAVAILABLE: ${JSON.stringify(answer)}`)
      so.accepted += accepted
      for (const { id } of orders) so.acknowledged.add(id)
      onAnswer()
      return true
    }
    return false
  }
  const writer = async (first: number) => {
    for (const [at, batch] of batches.entries())
      if (at % WRITERS === first) while (!(await send(batch))) await sleep(AGAIN_MS)
  }
  return { so, done: Promise.all(Array.from({ length: WRITERS }, (_, first) => writer(first))) }
}

/** Resolves at the n-th call of `count`. */
export function counter(n: number): { count: () => void; reached: Promise<void> } {
  let left = n
  let reach = () => {}
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  const count = () => {
    if (--left === 0) reach()
  }
  return { count, reached }
}
