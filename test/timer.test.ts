import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { callAt } from '../src/timer.ts'

const DAY_MS = 86_400_000

describe('A call at an instant', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it.each([1, 24, 25, 90])('comes %i days later, neither before nor twice', (days) => {
    const calls: number[] = []
    const started = Date.now()
    callAt(started + days * DAY_MS, () => calls.push(Date.now() - started))
    vi.advanceTimersByTime(days * DAY_MS - 1)
    expect(calls).toEqual([])
    vi.advanceTimersByTime(DAY_MS)
    expect(calls).toEqual([days * DAY_MS])
  })

  it('can be called off, long before as well', () => {
    let called = false
    const off = callAt(Date.now() + 60 * DAY_MS, () => {
      called = true
    })
    vi.advanceTimersByTime(30 * DAY_MS)
    off()
    vi.advanceTimersByTime(60 * DAY_MS)
    expect(called).toBe(false)
  })
})
