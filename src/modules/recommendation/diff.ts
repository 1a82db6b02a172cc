import type { Evidence, Offer, OfferChange } from './recommendation.type.ts'

/** Sums of the same floats in another order differ in their last digits. */
const SAME = 1e-9

/** Offers that are not the same before and after, in the order they have after; those that are gone come last. */
export function changes(before: readonly Offer[], after: readonly Offer[]): OfferChange[] {
  const was = new Map(before.map((offer) => [offer.productId, offer]))
  const is = new Set(after.map(({ productId }) => productId))
  return [
    ...after
      .map((offer) => ({ before: was.get(offer.productId) ?? null, after: offer }))
      .filter(({ before, after }) => before === null || !alike(before, after)),
    ...before.filter(({ productId }) => !is.has(productId)).map((offer) => ({ before: offer, after: null })),
  ].map((change) => {
    const { productId, facts } = (change.after ?? change.before)!
    return { productId, ...(facts ? { facts } : {}), ...change }
  })
}

const alike = (a: Offer, b: Offer) =>
  a.rank === b.rank &&
  close(a.score, b.score) &&
  a.evidence.length === b.evidence.length &&
  a.evidence.every((one, at) => sameEvidence(one, b.evidence[at]!))

const sameEvidence = (a: Evidence, b: Evidence) =>
  a.kind === b.kind && a.reason === b.reason && close(a.contribution, b.contribution)

const close = (a: number, b: number) => Math.abs(a - b) <= SAME * Math.max(Math.abs(a), Math.abs(b))
