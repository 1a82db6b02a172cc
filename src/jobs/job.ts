import type { Graph } from '../graph/query.ts'
import { startTurns } from './turns.ts'

type Job = {
  name: string
  /** May be done again, or by two for a moment: what is due is looked at anew each time. */
  work: () => Promise<unknown>
  /** Hears the first of failures in a row. */
  onError: (error: unknown) => void
}

/** Silent for longer, whoever does a job is taken for gone. */
const LEASE_MS = 3_000

/** Does something time and again on one of all instances, by a lease in the graph. Answers how to stop. */
export function startJob(graph: Graph, { name, work, onError }: Job): () => Promise<void> {
  const lease = { job: `job:${name}`, holder: crypto.randomUUID() }
  let mine = false
  const stop = startTurns({
    work: async () => {
      mine = (await graph.query('jobs/lease', { ...lease, leaseMs: LEASE_MS }))!.mine
      if (mine) await work()
    },
    onError,
  })
  return async () => {
    await stop()
    if (mine) await graph.query('jobs/release', lease)
  }
}
