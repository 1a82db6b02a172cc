import { describe, expect, it } from 'vitest'
import { createQueue } from '../../src/modules/snapshot/queue.ts'

describe('The queue of whose offers are computed anew', () => {
  const all = (queue: ReturnType<typeof createQueue>) => {
    const taken: string[] = []
    for (let next = queue.take(); next !== undefined; next = queue.take()) taken.push(next)
    return taken
  }

  it('holds each customer once, the urgent first, then the oldest', () => {
    const queue = createQueue()
    for (const id of ['a', 'b', 'a', 'c', 'b']) queue.add(id, false)
    queue.add('c', true)
    queue.add('d', true)
    queue.add('d', false)
    expect(queue.depth()).toBe(4)
    expect(all(queue)).toEqual(['c', 'd', 'a', 'b'])
    expect(queue.depth()).toBe(0)
  })

  it('tells how long the oldest has waited, since it was first added', () => {
    let now = 0
    const queue = createQueue(() => now)
    expect(queue.age()).toBe(0)
    queue.add('a', false)
    now = 2_000
    queue.add('b', true)
    queue.add('a', true)
    now = 5_000
    expect(queue.age()).toBe(5)
    expect([queue.take(), queue.take()]).toEqual(['b', 'a'])
    expect(queue.age()).toBe(0)
  })

  it('is bounded, but for those somebody waits for', () => {
    const queue = createQueue()
    for (let n = 0; n < 10_050; n++) queue.add(`c${n}`, false)
    expect(queue.depth()).toBe(10_000)
    queue.add('waited-for', true)
    expect(queue.take()).toBe('waited-for')
  })
})
