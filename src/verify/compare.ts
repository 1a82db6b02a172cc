/** What counts as equal, relative to the larger of two numbers. */
export const TOLERANCE = 1e-9

/** Each is a question of its own weights. */
export type Question = 'crossSell' | 'nextBasket' | 'basket' | 'newcomer'
export type Asked = { what: string; question: Question; customerId: string; basket: readonly string[] }

/** An offer or an explanation, as the service answered. */
export type Served = {
  productId: string
  score: number
  evidence: readonly { kind: string; contribution: number }[]
  otherContribution: number
}
export type Offer = Served & { rank: number }
/** The same counted again: what each kind contributes, and all of them. */
export type Recounted = { kinds: ReadonlyMap<string, number>; score: number }
/** What an offered product is: merchandise and active; measured by the model; bought by the customer before. */
export type State = { sold: boolean; measured: boolean; bought: boolean }

/** One number beside what it should be; a rule that is kept is 1, and should be. */
export type Check = {
  asked: Asked
  productId: string
  what: string
  served: number
  recounted: number
  /** Difference / the larger of the two, by amount. */
  relative: number
}

export const differs = ({ relative }: Check): boolean => !(relative <= TOLERANCE)

export function check(asked: Asked, productId: string, what: string, served: number, recounted: number): Check {
  const relative =
    served === recounted ? 0 : Math.abs(served - recounted) / Math.max(Math.abs(served), Math.abs(recounted))
  return { asked, productId, what, served, recounted, relative }
}

/** The score, what its evidence sums to, and, where all of it is shown, every kind. */
export function checkServed(asked: Asked, served: Served, recounted: Recounted): Check[] {
  const { productId, score, evidence, otherContribution } = served
  const shown = sumOf(evidence)
  const checks = [
    check(asked, productId, 'score', score, recounted.score),
    check(asked, productId, 'sum of evidence', shown + otherContribution, score),
  ]
  if (otherContribution !== 0) return checks
  const kinds = new Set([...recounted.kinds.keys(), ...evidence.map(({ kind }) => kind)])
  for (const kind of kinds) {
    const told = sumOf(evidence.filter((one) => one.kind === kind))
    checks.push(check(asked, productId, kind, told, recounted.kinds.get(kind) ?? 0))
  }
  return checks
}

/** A list is ranked from 1 by score, and offers nothing that may not be offered. */
export function checkList(asked: Asked, offers: readonly Offer[], states: ReadonlyMap<string, State>): Check[] {
  const rule = (productId: string, what: string, kept: boolean) => check(asked, productId, what, kept ? 1 : 0, 1)
  return offers.flatMap(({ productId, rank, score }, at) => {
    const above = offers[at - 1]?.score ?? Number.POSITIVE_INFINITY
    const state = states.get(productId)
    const owned = state?.bought && (asked.question === 'crossSell' || asked.question === 'newcomer')
    return [
      rule(productId, 'in order of score', score <= above * (1 + TOLERANCE) && rank === at + 1),
      rule(productId, 'may be offered', !!state?.sold && state.measured && !owned && !asked.basket.includes(productId)),
    ]
  })
}

/** What explain says of an offer's place in the list, where offers of the same score may change places. */
export function checkRank(
  asked: Asked,
  { productId, rank, score }: Offer,
  explained: number | null | undefined,
  offers: readonly Offer[],
): Check {
  const there = offers.find((offer) => offer.rank === explained)
  const tied = there !== undefined && !differs(check(asked, productId, 'rank', there.score, score))
  return check(asked, productId, 'rank', explained ?? 0, tied ? there.rank : rank)
}

const sumOf = (evidence: Served['evidence']) => evidence.reduce((sum, { contribution }) => sum + contribution, 0)
