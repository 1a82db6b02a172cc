import { EventEmitter } from 'node:events'
import type { Viewer } from './viewer.ts'

/** Id: "subject:<sub>" or "token:<jti>"; at: ISO. */
export type Revocation = { id: string; at: string }

export const ofSubject = (subject: string) => `subject:${subject}`
export const ofToken = (tokenId: string) => `token:${tokenId}`

export type Revocations = ReturnType<typeof createRevocations>

/** What this instance knows to be revoked, in memory: every field of every operation asks. */
export function createRevocations() {
  const revokedAt = new Map<string, number>()
  const heard = new EventEmitter().setMaxListeners(0)

  const keys = ({ subject, tokenId }: Viewer) => [ofSubject(subject), ...(tokenId === null ? [] : [ofToken(tokenId)])]

  return {
    has(viewer: Viewer): boolean {
      if (revokedAt.size === 0) return false
      if (viewer.tokenId !== null && revokedAt.has(ofToken(viewer.tokenId))) return true
      // Tokens say the second they are of: one of the same second may be from before.
      return viewer.issuedAt * 1000 <= (revokedAt.get(ofSubject(viewer.subject)) ?? Number.NEGATIVE_INFINITY)
    },
    add(revocations: readonly Revocation[]): void {
      for (const { id, at } of revocations) {
        const time = Date.parse(at)
        if (time <= (revokedAt.get(id) ?? Number.NEGATIVE_INFINITY)) continue
        revokedAt.set(id, time)
        heard.emit(id)
      }
    },
    /** Calls `listener` when something is revoked that may concern the viewer's token. Answers how to call it off. */
    watch(viewer: Viewer, listener: () => void): () => void {
      for (const key of keys(viewer)) heard.on(key, listener)
      return () => {
        for (const key of keys(viewer)) heard.off(key, listener)
      }
    },
  }
}
