import { EvidenceKind, ExclusionCode } from '../../generated/enums.ts'
import type { Weights } from '../model/parameters.ts'
import type { Own } from './kinds/kind.ts'
import { type Scope, toQuestion } from './offering.ts'
import type { Evidence, Exclusion } from './recommendation.type.ts'
import { textsIn } from './texts.ts'
import { RECOMMENDED_WITHIN } from './why-not.ts'
import type { Cause, Decided, Doubt } from './without.ts'

/** Tries what would be without each cause; on arrays, away from the event loop. */
export type WithoutOne = (doubt: Doubt) => Promise<Decided>

/** A question with its answer, to be doubted. */
export type Doubted = {
  scope: Scope
  newcomer: { weights: Weights; trendPower: number }
  productId: string
  own: readonly Own[]
  /** All of it. */
  evidence: readonly Evidence[]
  whyNot: readonly Exclusion[]
  score: number
  /** The score of the last one recommended. */
  tenth: number | null
}

const MAX_BOOST = 10

/** The one purchase or relationship that decides, as a sentence; or that none does. Null where nothing of this kind could. */
export async function counterfactualOf(doubted: Doubted, withoutOne: WithoutOne): Promise<string | null> {
  const { scope, newcomer, productId, whyNot, score, tenth } = doubted
  const say = textsIn(scope.language)
  const code = whyNot[0]?.code
  if (code === ExclusionCode.FILTERED) return say.withoutFilter
  if (code !== undefined && code !== ExclusionCode.OWNED && code !== ExclusionCode.BELOW_RANK) return null
  const names = namesOf(doubted)
  const causes =
    code === ExclusionCode.OWNED ? [{ what: 'own' as const, id: productId }] : [...names.keys()].map(toCause)
  const question = toQuestion(scope)
  const { cause, rank, tried } = await withoutOne({ question, productId, within: RECOMMENDED_WITHIN, causes, newcomer })
  if (cause?.id === productId) return say.withoutItself(rank)
  if (cause) return say.without(names.get(keyOf(cause))!, rank)
  if (code === ExclusionCode.OWNED) return say.withOwned
  const none = say.noneDecides({ inside: code === undefined, within: RECOMMENDED_WITHIN, tried, all: causes.length })
  return code === undefined || tenth === null ? none : `${none} ${say.moreScore(tenth - score, boostTo(tenth, score))}`
}

const keyOf = ({ what, id }: Cause) => `${what} ${id}`
const toCause = (key: string): Cause => {
  const at = key.indexOf(' ')
  return { what: key.slice(0, at) as Cause['what'], id: key.slice(at + 1) }
}

/** Own products, and the groups and campaigns that lead to this one, by what they are called. */
function namesOf({ own, evidence }: Doubted): Map<string, string> {
  const names = new Map(own.map(({ id, name }) => [keyOf({ what: 'own', id }), name]))
  for (const { kind, path } of evidence) {
    const what = kind === EvidenceKind.CAMPAIGN ? 'campaigns' : kind === EvidenceKind.POPULAR_IN_GROUP ? 'groups' : null
    const step = path[1]
    if (what && step?.id) names.set(keyOf({ what, id: step.id }), step.name)
  }
  return names
}

/** No boost helps a score that is not positive. */
const boostTo = (tenth: number, score: number) => (score > 0 && tenth / score <= MAX_BOOST ? tenth / score : null)
