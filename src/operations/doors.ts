import type { FieldUses } from '../access/field-uses.ts'
import type { Identity } from '../auth/identity.ts'
import type { Viewer } from '../auth/viewer.ts'
import { rateLimited } from '../errors.ts'
import type { Limiter } from '../redis/limiter.ts'
import type { Admission, Asked, Verdict } from './admission.ts'

export type Doors = (asked: Asked, viewer: Viewer | null, address: string) => Promise<Verdict>

type Parts = {
  admission: Admission
  identity: Identity
  limiter: Limiter
  uses: Pick<FieldUses, 'count'>
  refused(code: string): void
}

/** What is refused was looked at all the same. */
const REFUSED_COST = 1
/** Nobody in particular has a tenth of a subject's budget. */
const ANONYMOUS = 10

/** Admission, and what it costs whoever asks: a subject, or an address without a token. */
export function createDoors({ admission, identity, limiter, uses, refused }: Parts): Doors {
  async function enter(asked: Asked, viewer: Viewer | null, address: string): Promise<Verdict> {
    const verdict = admission(asked, { viewer, identity })
    const cost = verdict.kind === 'admitted' ? verdict.admitted.cost : REFUSED_COST
    const key = viewer ? `subject:${viewer.subject}` : `address:${address}`
    const taken = await limiter.take(key, viewer ? cost : cost * ANONYMOUS)
    if (taken.allowed) return verdict
    const { retryAfter } = taken
    return { kind: 'refused', error: rateLimited(`Too much at once: again in ${retryAfter} s.`, retryAfter) }
  }
  return async (asked, viewer, address) => {
    const verdict = await enter(asked, viewer, address)
    if (verdict.kind === 'refused') refused(verdict.error.code)
    if (viewer && verdict.kind === 'admitted') uses.count(viewer.role, verdict.admitted.fields, 'used')
    if (viewer && verdict.kind === 'refused' && verdict.fields) uses.count(viewer.role, verdict.fields, 'denied')
    return verdict
  }
}
