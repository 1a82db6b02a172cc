import type { Graph, Transaction } from '../../graph/query.ts'
import { rewrapContacts } from '../../pii/contacts.ts'
import { UnreadableError, type Vault } from '../../pii/vault.ts'

const BATCH = 500

export type Rotated = {
  /** Customers whose data keys are wrapped by the first PII key now. */
  customers: number
  /** Whose data key no PII key that is given can open: they are left as they are. */
  unreadable: number
  /** Suppressed addresses that no customer has: only the key they were written under still finds them. */
  suppressionsLeft: number
}

type Options = { onProgress: (done: number, share: number) => void; signal: AbortSignal }

/**
 * Puts everything that is sealed or indexed under an older PII key under the first: data keys are wrapped anew, what they sealed stays.
 * In batches, each whole; broken off, it goes on where it was. Whoever serves meanwhile must have all the keys.
 */
export function createRotationService({ graph, vault }: { graph: Graph; vault: Vault }) {
  const prefix = { key: `v1.${vault.current}.`, index: `${vault.current}.` }

  /** @returns how many of them can't be read. */
  async function rewrap(tx: Transaction, ids: string[]): Promise<number> {
    const held = await tx.query('customer/lock', { ids })
    const customers = []
    const moved = []
    for (const { id, isNew: _, ...row } of held) {
      try {
        const next = rewrapContacts(vault, id, row)
        customers.push({ id, ...next })
        for (const index of ['emailIndex', 'phoneIndex'] as const)
          if (row[index] !== null && next[index] !== null) moved.push({ from: row[index], to: next[index] })
      } catch (error) {
        if (!(error instanceof UnreadableError)) throw error
      }
    }
    await tx.query('customer/write-contacts', { customers })
    await tx.query('privacy/rekey-suppressions', { rows: moved.filter(({ from, to }) => from !== to) })
    return held.length - customers.length
  }

  return {
    async rotate({ onProgress, signal }: Options): Promise<Rotated> {
      const { customers: all } = (await graph.query('privacy/sealed-count', { prefix: prefix.key }))!
      let done = 0
      let unreadable = 0
      let after = ''
      for (;;) {
        signal.throwIfAborted()
        const page = await graph.query('privacy/sealed-otherwise', { prefix: prefix.key, after, first: BATCH })
        if (page.length === 0) break
        const ids = page.map(({ id }) => id)
        unreadable += await graph.transaction((tx) => rewrap(tx, ids))
        done += ids.length
        after = ids.at(-1)!
        onProgress(done, Math.min(1, done / all))
      }
      const left = await graph.query('privacy/suppressed-otherwise', { prefix: prefix.index })
      return { customers: done - unreadable, unreadable, suppressionsLeft: left!.entries }
    },
  }
}
