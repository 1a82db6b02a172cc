/** More than this many wait for nobody: the next sweep finds them in the graph. */
const MOST = 10_000

/** Customers whose offers are to be computed anew: one entry each, the urgent ones first, then the oldest. */
export function createQueue(now: () => number = () => performance.now()) {
  const urgent = new Map<string, number>()
  const others = new Map<string, number>()

  return {
    add(customerId: string, isUrgent: boolean): void {
      if (urgent.has(customerId)) return
      const since = others.get(customerId) ?? now()
      if (isUrgent) {
        others.delete(customerId)
        urgent.set(customerId, since)
      } else if (others.size < MOST) others.set(customerId, since)
    },

    take(): string | undefined {
      const from = urgent.size > 0 ? urgent : others
      const [first] = from.keys()
      if (first !== undefined) from.delete(first)
      return first
    },

    depth: () => urgent.size + others.size,

    /** Of the longest waiting, in seconds. */
    age(): number {
      // Who became urgent keeps the time they have waited; the others stand in order.
      const [first = Number.POSITIVE_INFINITY] = others.values()
      const oldest = Math.min(first, ...urgent.values())
      return Number.isFinite(oldest) ? (now() - oldest) / 1000 : 0
    },
  }
}
