import type { Graph } from '../graph/query.ts'

type Job = {
  name: string
  intervalMs?: number
  /** Silent for longer, whoever does it is taken for gone. */
  leaseMs?: number
  /** May be done again, or by two for a moment: what is due is looked at anew each time. */
  work: () => Promise<unknown>
  /** Hears the first of failures in a row. */
  onError: (error: unknown) => void
}

/** Does something time and again on one of all instances, by a lease in the graph. Answers how to stop. */
export function startJob(
  graph: Graph,
  { name, intervalMs = 1_000, leaseMs = 3_000, work, onError }: Job,
): () => Promise<void> {
  const lease = { job: `job:${name}`, holder: crypto.randomUUID() }
  let running: Promise<void> | null = null
  let mine = false
  let failing = false

  async function turn(): Promise<void> {
    try {
      mine = (await graph.query('jobs/lease', { ...lease, leaseMs }))!.mine
      if (mine) await work()
      failing = false
    } catch (error) {
      if (!failing) onError(error)
      failing = true
    }
  }
  const timer = setInterval(() => {
    running ??= turn().finally(() => {
      running = null
    })
  }, intervalMs)
  return async () => {
    clearInterval(timer)
    await running
    if (mine) await graph.query('jobs/release', lease)
  }
}
