import type { Graph } from '../graph/query.ts'
import { type Bus, KEPT, type Message } from './topics.ts'

const BATCH = 500

export type Relay = {
  /** Something has been committed. */
  kick(): void
  /** Looks again who publishes, and publishes if it is this instance. */
  wake(): void
  stop(): Promise<void>
}

export type RelayOptions = {
  /** How often the lease is renewed or asked for, and what waits is looked for without a kick. */
  intervalMs?: number
  /** Silent for longer, whoever publishes is taken for gone. */
  leaseMs?: number
  /** False: the bus cannot carry anything right now, so this instance does not publish. */
  ready?: () => boolean
  /** Hears the first of failures in a row; the others would say the same every interval. */
  onError: (error: unknown) => void
}

/**
 * Publishes what commits left in the outbox: at least once, oldest first, and only after the commit. Of all instances one does, by a
 * lease in the graph; a kick makes it prompt wherever the commit was, and the interval picks up what a crash or an unreachable
 * Redis left behind.
 */
export function startRelay(
  graph: Graph,
  bus: Bus,
  { intervalMs = 1_000, leaseMs = 3_000, ready = () => true, onError }: RelayOptions,
): Relay {
  const holder = crypto.randomUUID()
  /** Until then nobody else publishes: counted from before the lease was asked for, so it ends here before it does in the graph. */
  let until = 0
  /** What is being done about the lease: one thing at a time, or a late answer would undo what was done since. */
  let changing: Promise<void> | null = null
  let running: Promise<void> | null = null
  let again = false
  let stopped = false
  let failing = false

  const mine = () => performance.now() < until

  function failed(error: unknown): void {
    if (!failing) onError(error)
    failing = true
  }

  async function change(how: () => Promise<void>): Promise<void> {
    while (changing) await changing
    changing = how()
      .catch(failed)
      .finally(() => {
        changing = null
      })
    await changing
  }

  async function renew(): Promise<void> {
    if (!ready()) return release()
    const asked = performance.now()
    const lease = await graph.query('events/lease', { holder, leaseMs })
    until = lease!.mine ? asked + leaseMs : 0
    drain()
  }

  async function release(): Promise<void> {
    if (until === 0) return
    until = 0
    await graph.query('events/release', { holder })
    await tell({ released: true })
  }

  /** The other instances. One that is not told finds out at its next interval. */
  const tell = (payload: { released: boolean }) =>
    bus.publish({ topic: 'outbox', id: 'relay', payload }).catch(() => {})

  async function numbered(ids: string[]): Promise<ReadonlyMap<string, number>> {
    const rows = ids.length > 0 ? await graph.query('events/number', { ids }) : []
    return new Map(rows.map(({ id, number }) => [id, number]))
  }

  async function publish(): Promise<void> {
    for (let full = true; full && ready() && mine(); ) {
      const rows = await graph.query('events/pending', { limit: BATCH })
      full = rows.length === BATCH
      const numbers = await numbered(rows.filter(({ topic }) => KEPT.has(topic)).map(({ id }) => id))
      const ids: string[] = []
      try {
        for (const { id, topic, key, payload } of rows) {
          // Asked before each: who was suspended for a while would publish what another has published meanwhile, out of order.
          if (!mine()) break
          const number = numbers.get(id)
          const told = number === undefined ? payload : { ...(payload as object), number }
          await bus.publish({ topic, id: key, payload: told } as Message)
          ids.push(id)
        }
      } finally {
        if (ids.length > 0) await graph.query('events/published', { ids })
      }
    }
    failing = false
  }

  function drain(): void {
    if (stopped || !mine()) return
    if (running) {
      again = true
      return
    }
    running = publish()
      .catch(async (error) => {
        failed(error)
        // Perhaps another instance still reaches Redis.
        await change(release)
      })
      .finally(() => {
        running = null
        if (again) {
          again = false
          drain()
        }
      })
  }

  function wake(): void {
    if (!stopped && !changing) void change(renew)
  }

  const messages = bus.subscribe('outbox', null)
  const listen = async () => {
    for await (const { released } of messages) released ? wake() : drain()
  }
  listen().catch(onError)
  const timer = setInterval(wake, intervalMs)
  wake()
  return {
    kick: () => {
      if (stopped) return
      if (mine()) drain()
      else if (ready()) void tell({ released: false })
    },
    wake,
    stop: async () => {
      stopped = true
      clearInterval(timer)
      await messages.return?.()
      await running
      await change(release)
    },
  }
}
