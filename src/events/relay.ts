import type { Graph } from '../graph/query.ts'
import type { Bus, Message } from './topics.ts'

const BATCH = 500

export type Relay = { kick(): void; stop(): Promise<void> }

export type RelayOptions = {
  intervalMs?: number
  /** False: the bus cannot carry anything right now, so the graph is not even asked what waits. */
  ready?: () => boolean
  /** Hears the first of failures in a row; the others would say the same every interval. */
  onError: (error: unknown) => void
}

/**
 * Publishes what commits left in the outbox: at least once, oldest first, and only after the commit. `kick` after a commit makes
 * it prompt; the interval picks up what a crash or an unreachable Redis left behind.
 */
export function startRelay(
  graph: Graph,
  bus: Bus,
  { intervalMs = 1_000, ready = () => true, onError }: RelayOptions,
): Relay {
  let running: Promise<void> | null = null
  let again = false
  let stopped = false
  let failing = false

  async function drain(): Promise<void> {
    while (ready()) {
      const rows = await graph.query('events/pending', { limit: BATCH })
      const ids: string[] = []
      try {
        for (const { id, topic, key, payload } of rows) {
          await bus.publish({ topic, id: key, payload } as Message)
          ids.push(id)
        }
      } finally {
        if (ids.length > 0) await graph.query('events/published', { ids })
      }
      failing = false
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
      .catch((error) => {
        if (!failing) onError(error)
        failing = true
      })
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
