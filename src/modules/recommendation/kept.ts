import { Language } from '../../generated/enums.ts'
import type { Params, Row } from '../../graph/query.ts'
import { categoryIdsOf } from '../catalog/merchandise.ts'
import { filterAgainst, narrows } from './filter.ts'
import { type createOffering, mayBeOffered, type Scope, shown } from './offering.ts'
import type { Evidence, Offer, OfferFilter } from './recommendation.type.ts'

/** Ranks kept of each customer; of how many of them what speaks for them too, and how much of that. */
const RANKS = 200
const EVIDENCED = 10
const EVIDENCE = 5

export type KeptOffer = Params<'snapshot/write'>['offers'][number]
type Found = Row<'recommendation/subject'>['offers'][number]

/** Up to which rank the kept offers can answer a question; 0 where they can't. */
export function ranksWanted(where: OfferFilter, first: number, evidence: number): number {
  if (where.includeOwned || where.boosts?.length || where.diversity || evidence > EVIDENCE) return 0
  if (narrows(where)) return RANKS
  return first > EVIDENCED ? 0 : first
}

/** The first that pass: as offers or, where what speaks for one of them is not kept, by id. Null when there may be others beyond what is kept. */
export function pick(
  kept: readonly Found[],
  where: OfferFilter,
  first: number,
  evidence: number,
): { offers: Offer[] | null; productIds: string[] } | null {
  const known = kept.map((one) => ({ ...one, categoryIds: categoryIdsOf(one) }))
  const picked = known
    .filter((one) => one.merchandise && one.active && filterAgainst(one, where) === null)
    .slice(0, first)
  if (picked.length < first && kept.length === ranksWanted(where, first, evidence)) return null
  const whole = picked.every(({ rest }) => rest !== null)
  return {
    productIds: picked.map(({ id }) => id),
    offers: whole ? picked.map((one, at) => toOffer(one, at + 1, evidence)) : null,
  }
}

function toOffer(
  { rank: _, rest, evidence, score, ...facts }: Found & { categoryIds: string[] },
  rank: number,
  first: number,
): Offer {
  const all = evidence as Evidence[]
  const { evidence: some, otherContribution } = shown(all, first)
  return {
    productId: facts.id,
    facts,
    rank,
    score,
    reason: all[0]!.reason,
    evidence: some,
    otherContribution: otherContribution + rest!,
  }
}

/** What is kept of a customer's offers. */
export async function offersToKeep(
  offering: ReturnType<typeof createOffering>,
  scope: Scope,
  signal: AbortSignal,
): Promise<KeptOffer[]> {
  const { items } = await offering.rankOf(scope, null, RANKS)
  const ids = items.slice(0, EVIDENCED).map(({ productId }) => productId)
  const [inEnglish, inPolish] = await offering.tellIn([Language.EN, Language.PL], scope, ids, signal)
  const first = [...inEnglish!.values()]
    .filter((one) => mayBeOffered(one, scope.where))
    .sort((a, b) => b.score - a.score)
    .map(({ facts, score, evidence }) => ({
      productId: facts.id,
      score,
      rest: shown(evidence, EVIDENCE).otherContribution,
      evidenceEN: evidence.slice(0, EVIDENCE),
      evidencePL: inPolish!.get(facts.id)!.evidence.slice(0, EVIDENCE),
    }))
  const others = items
    .slice(EVIDENCED)
    .map(({ productId, score }) => ({ productId, score, rest: null, evidenceEN: null, evidencePL: null }))
  return [...first, ...others].map((offer, at) => ({ ...offer, rank: at + 1 }))
}
