import { describe, expect, it } from 'vitest'
import { DomainError } from '../../../src/errors.ts'
import type { Refused } from '../../../src/ingest/kafka/dead-letters.ts'
import { createLane } from '../../../src/ingest/kafka/lane.ts'
import { createPace } from '../../../src/ingest/kafka/pace.ts'
import type { Position, Received } from '../../../src/ingest/kafka/session.ts'

const nothing = Buffer.alloc(0)
const message = (n: number, partition = 0): Received => ({
  topic: 'orders',
  partition,
  offset: BigInt(n),
  key: nothing,
  value: Buffer.from(String(n)),
  headers: [],
})

/** A lane whose service fails as a test says. */
function laneOf(write: (items: number[]) => void) {
  const written: number[] = []
  const happened: string[] = []
  const refused: Refused[] = []
  const committed: Position[] = []
  const lane = createLane({
    topic: {
      name: 'orders',
      parse: Number,
      write: async (items) => {
        write(items as number[])
        written.push(...(items as number[]))
        happened.push('write')
        return { accepted: items.length, duplicates: 0, rejected: [] }
      },
    },
    metrics: { batch: () => {}, refused: () => {}, size: () => {} },
    onError: () => {},
  })
  const way = (signal: AbortSignal) => ({
    signal,
    bury: async (letters: readonly Refused[]) => {
      refused.push(...letters)
      happened.push('bury')
    },
    commit: async (positions: readonly Position[]) => {
      committed.push(...positions)
      happened.push('commit')
    },
  })
  return {
    lane,
    written,
    refused,
    committed,
    happened,
    work: (signal = new AbortController().signal) => lane.work(way(signal)),
  }
}

describe('A lane', () => {
  it('writes, buries and then commits, the last offset of each partition and one more', async () => {
    const { lane, work, happened, committed } = laneOf(() => {})
    lane.push([message(1), message(7, 1), message(2), message(8, 1)])
    await work()
    expect(happened).toEqual(['write', 'bury', 'commit'])
    expect(committed).toEqual([
      { topic: 'orders', partition: 0, offset: 3n },
      { topic: 'orders', partition: 1, offset: 9n },
    ])
  })

  it('finds the one message that breaks its batch and writes the others in their order', async () => {
    const { lane, work, written, refused } = laneOf((items) => {
      if (items.includes(5)) throw new Error('broken')
    })
    lane.push([1, 2, 3, 4, 5, 6, 7].map((n) => message(n)))
    await work()
    expect(written).toEqual([1, 2, 3, 4, 6, 7])
    expect(refused.map(({ message: { offset }, code }) => [offset, code])).toEqual([[5n, 'INTERNAL']])
  })

  it('tries for as long as the graph is away, then writes all of it', async () => {
    let left = 5
    const { lane, work, written, refused } = laneOf(() => {
      if (--left >= 0) throw new DomainError('UNAVAILABLE', 'away')
    })
    lane.push([1, 2, 3, 4].map((n) => message(n)))
    await work()
    expect([written, refused]).toEqual([[1, 2, 3, 4], []])
  })

  it('commits nothing of a batch that is given up while the graph is away', async () => {
    const given = new AbortController()
    const { lane, work, committed } = laneOf(() => {
      given.abort(new Error('given up'))
      throw new DomainError('UNAVAILABLE', 'away')
    })
    lane.push([message(1)])
    await expect(work(given.signal)).rejects.toThrow('given up')
    expect(committed).toEqual([])
  })

  it('takes no more than it may hold', () => {
    const { lane } = laneOf(() => {})
    let held = 0
    while (lane.hasRoom()) lane.push([message(held++)])
    expect(held).toBe(100)
    lane.forget()
    lane.push([{ ...message(1), value: Buffer.alloc(5_000_000) }])
    expect(lane.hasRoom()).toBe(false)
  })
})

describe('The size of a batch', () => {
  it('grows while full batches are quick, up to its most, and is halved when one is slow', () => {
    const pace = createPace({ start: 100, max: 200, targetSeconds: 1 })
    pace.note(50, 0.1)
    expect(pace.size).toBe(100)
    pace.note(100, 0.1)
    expect(pace.size).toBe(125)
    for (let n = 0; n < 5; n++) pace.note(pace.size, 0.1)
    expect(pace.size).toBe(200)
    pace.note(200, 1.5)
    expect(pace.size).toBe(200)
    pace.note(200, 2.5)
    expect(pace.size).toBe(100)
    for (let n = 0; n < 20; n++) pace.note(pace.size, 3)
    expect(pace.size).toBe(1)
  })
})
