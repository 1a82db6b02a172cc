import type { Graph, Params } from '../../graph/query.ts'

/** Which of the two snapshots, of which model, and whether this instance keeps it. */
export type Claim = { slot: string; model: string; mine: boolean }
/** `rest`: what the evidence beyond the stored adds; null where none is stored. */
export type KeptOffer = Params<'snapshot/write'>['offers'][number]

/** Silent for longer, who keeps a snapshot is taken for gone. */
const LEASE_SECONDS = 90

export type SnapshotService = ReturnType<typeof createSnapshotService>

/** The offers kept for each customer: RECOMMENDED_A or RECOMMENDED_B, a model each. What is read of them comes with the customer (recommendation/subject). */
export function createSnapshotService({ graph }: { graph: Graph }) {
  const owner = crypto.randomUUID()
  return {
    /** Null while no model is active. */
    claim: (): Promise<Claim | null> => graph.query('snapshot/claim', { owner, leaseSeconds: LEASE_SECONDS }),

    /** Customers after `after` whose offers are to be computed, by id. */
    async stale({ slot, model }: Claim, after: string, first: number): Promise<string[]> {
      return (await graph.query('snapshot/stale', { slot, model, after, first })).map(({ id }) => id)
    },

    async write({ slot }: Claim, customerId: string, mark: string, offers: KeptOffer[]): Promise<void> {
      await graph.query('snapshot/write', { slot, customerId, mark, offers })
    },

    async count({ slot, model }: Claim): Promise<{ customers: number; stale: number }> {
      return (await graph.query('snapshot/count', { slot, model }))!
    },

    async noteProgress({ slot, model }: Claim, progress: number): Promise<void> {
      await graph.query('snapshot/note-progress', { slot, model, progress })
    },

    /** Of what share of the customers a model's offers are kept, 0 to 1; null where they are not. */
    async progress(model: string, signal?: AbortSignal): Promise<number | null> {
      return (await graph.query('snapshot/progress', { model }, { signal }))?.progress ?? null
    },
  }
}
