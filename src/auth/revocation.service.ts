import type { Bus } from '../events/topics.ts'
import type { Graph } from '../graph/query.ts'
import { checkText } from '../input.ts'
import { MAX_CLAIM } from './identity.ts'
import { ofSubject, ofToken, type Revocations } from './revocations.ts'

const POLL_MS = 500
/** A revocation is visible some time after the instant it bears: what is read again each time. */
const OVERLAP_MS = 60_000

type Parts = { graph: Graph; revocations: Revocations; afterCommit: () => void }
export type RevocationService = ReturnType<typeof createRevocationService>

export function createRevocationService({ graph, revocations, afterCommit }: Parts) {
  return {
    /** Refuses every token of a subject issued until now; with `tokenId` only that one. On this instance it holds when this resolves. */
    async revoke(subject: string, tokenId: string | null): Promise<void> {
      checkText('subject', subject, MAX_CLAIM)
      if (tokenId !== null) checkText('tokenId', tokenId, MAX_CLAIM)
      const id = tokenId === null ? ofSubject(subject) : ofToken(tokenId)
      const revocation = await graph.transaction(async (tx) => {
        const written = await tx.query('token/revoke', { id })
        const payload = { id, at: written!.at }
        await tx.query('events/write', { id: crypto.randomUUID(), topic: 'tokensRevoked', key: id, payload })
        return payload
      })
      revocations.add([revocation])
      afterCommit()
    },

    /**
     * Keeps this instance's revocations those of the graph: all of them once this resolves, later ones by message, and by
     * asking the graph twice a second, for a message may be lost and Redis away. Answers how to stop.
     */
    async follow(bus: Pick<Bus, 'subscribe'>, onError: (error: unknown) => void): Promise<() => Promise<void>> {
      let since = new Date(0)
      const read = async () => {
        const answer = await graph.query('token/revoked', { since })
        revocations.add(answer!.revocations)
        since = new Date(Date.parse(answer!.now) - OVERLAP_MS)
      }
      await read()

      const messages = bus.subscribe('tokensRevoked', null)
      const listen = async () => {
        for await (const message of messages) revocations.add([message])
      }
      listen().catch(onError)

      let failing = false
      let reading: Promise<void> | null = null
      const failed = (error: unknown) => {
        if (!failing) onError(error)
        failing = true
      }
      const poll = () => {
        reading ??= read()
          .then(() => {
            failing = false
          }, failed)
          .finally(() => {
            reading = null
          })
      }
      const timer = setInterval(poll, POLL_MS)
      return async () => {
        clearInterval(timer)
        await reading
        await messages.return?.()
      }
    },
  }
}
