import type { Graph } from '../graph/query.ts'
import type { Bus, Message } from './topics.ts'

const BATCH = 500

export type Relay = { kick(): void; stop(): Promise<void> }

/**
 * Publishes what commits left in the outbox: at least once, oldest first, and only after the commit. `kick` after a commit makes
 * it prompt; the interval picks up what a crash or an unreachable Redis left behind.
 */
export function startRelay(
  graph: Graph,
  bus: Bus,
  { intervalMs = 1_000, onError }: { intervalMs?: number; onError: (error: unknown) => void },
): Relay {
  let running: Promise<void> | null = null
  let again = false
  let stopped = false

  async function drain(): Promise<void> {
    for (;;) {
      const rows = await graph.query('events/pending', { limit: BATCH })
      for (const { topic, key, payload } of rows) await bus.publish({ topic, id: key, payload } as Message)
      if (rows.length > 0) await graph.query('events/published', { ids: rows.map(({ id }) => id) })
      if (rows.length < BATCH) return
    }
  }

  function kick(): void {
    if (stopped) return
    if (running) {
      again = true
      return
    }
    running = drain()
      .catch(onError)
      .finally(() => {
        running = null
        if (again) {
          again = false
          kick()
        }
      })
  }

  const timer = setInterval(kick, intervalMs)
  return {
    kick,
    stop: async () => {
      stopped = true
      clearInterval(timer)
      await running
    },
  }
}
