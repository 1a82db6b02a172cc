import type { Role } from '../auth/viewer.ts'
import type { Graph } from '../graph/query.ts'

const FLUSH_MS = 10_000
const KEEP_DAYS = 400

export type Outcome = 'used' | 'denied'
export type FieldUses = {
  /** Notes that this role used these root fields ("crossSell"), each once. Who it was and what was asked for is not kept. */
  count(role: Role, fields: readonly string[], outcome: Outcome): void
  /** Writes what has been counted; what can't be written waits for the next time. */
  flush(): Promise<void>
  /** Writes the last of it. */
  stop(): Promise<void>
}

type Use = { id: string; role: Role; field: string; day: string; count: number; denied: number }

/** A day of the calendar, UTC. */
export const dayOf = (date: Date, daysBefore = 0): string =>
  new Date(date.getTime() - daysBefore * 86_400_000).toISOString().slice(0, 10)

/**
 * Counts uses of root fields by role and day, in memory, and adds them to the graph every 10 s and at the end: a crash loses 10 s of them.
 * Days more than 400 ago are forgotten.
 */
export function createFieldUses(
  graph: Pick<Graph, 'query'>,
  { onError, now = () => new Date() }: { onError: (error: unknown) => void; now?: () => Date },
): FieldUses {
  let uses = new Map<string, Use>()
  let forgotten = ''
  let writing: Promise<void> = Promise.resolve()

  const add = ({ id, role, field, day, count, denied }: Use) => {
    const use = uses.get(id) ?? { id, role, field, day, count: 0, denied: 0 }
    uses.set(id, { ...use, count: use.count + count, denied: use.denied + denied })
  }

  async function write(): Promise<void> {
    const today = dayOf(now())
    const taken = uses
    uses = new Map()
    try {
      // Keys in one order: two instances that write at once never wait for each other in a ring.
      const sorted = [...taken.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
      if (sorted.length > 0) await graph.query('access/count', { uses: sorted })
      taken.clear()
      if (forgotten !== today) await graph.query('access/forget', { before: dayOf(now(), KEEP_DAYS) })
      forgotten = today
    } catch (error) {
      for (const use of taken.values()) add(use)
      onError(error)
    }
  }
  const flush = () => {
    writing = writing.then(write)
    return writing
  }
  const timer = setInterval(() => {
    if (uses.size > 0) void flush()
  }, FLUSH_MS).unref()

  return {
    count: (role, fields, outcome) => {
      const day = dayOf(now())
      const denied = outcome === 'denied' ? 1 : 0
      for (const field of new Set(fields))
        add({ id: `${role}|${field}|${day}`, role, field, day, count: 1 - denied, denied })
    },
    flush,
    stop: async () => {
      clearInterval(timer)
      await (uses.size > 0 ? flush() : writing)
    },
  }
}
