import { ExclusionCode } from '../../generated/enums.ts'
import { filterAgainst } from './filter.ts'
import type { Told } from './offering.ts'
import type { Exclusion, OfferFilter } from './recommendation.type.ts'

export const RECOMMENDED_WITHIN = 10

/** Every reason why a product is not offered to a customer; empty when it is. `times`: how often they bought it. */
export function exclusions(
  { facts, evidence }: Told,
  times: number,
  rank: number | null,
  where: OfferFilter,
  objected: boolean,
): Exclusion[] {
  const found: Exclusion[] = []
  const because = (code: ExclusionCode, message: string) => found.push({ code, message })
  if (objected)
    because(ExclusionCode.OBJECTED, 'This customer objects to profiling: nothing is worked out to offer them.')
  if (!facts.merchandise)
    because(ExclusionCode.NOT_MERCHANDISE, `${facts.name} is not merchandise (fuel, coupons, deposits and the like).`)
  if (!facts.active) because(ExclusionCode.INACTIVE, `${facts.name} is no longer sold.`)
  if (times > 0 && !where.includeOwned) because(ExclusionCode.OWNED, `This customer already bought it ${times} times.`)
  const filter = filterAgainst(facts, where)
  if (filter) because(ExclusionCode.FILTERED, `where.${filter} leaves it out.`)
  if (evidence.length === 0 && !objected) because(ExclusionCode.NO_PATH, 'No path leads to it from this customer.')
  if (rank === null ? found.length === 0 : rank > RECOMMENDED_WITHIN)
    because(
      ExclusionCode.BELOW_RANK,
      rank === null
        ? 'What speaks against it weighs more than what speaks for it.'
        : `It ranks ${rank}; the first ${RECOMMENDED_WITHIN} are recommended.`,
    )
  return found
}

/** What would have to be different for it to be offered; null when it is. `tenth`: the score of the last one recommended. */
export function counterfactualOf(whyNot: readonly Exclusion[], score: number, tenth: number | null): string | null {
  const [first] = whyNot
  switch (first?.code) {
    case undefined:
      return null
    case ExclusionCode.OWNED:
      return 'With includeOwned it may be offered again.'
    case ExclusionCode.FILTERED:
      return 'Without this filter it would be ranked by its paths.'
    case ExclusionCode.BELOW_RANK:
      return tenth === null
        ? null
        : `It would be recommended with ${(tenth - score).toPrecision(3)} more of score${boostTo(tenth, score)}.`
    default:
      return null
  }
}

const MAX_BOOST = 10

/** No boost helps a score that is not positive. */
const boostTo = (tenth: number, score: number) =>
  score > 0 && tenth / score <= MAX_BOOST ? `, or a boost of ${(tenth / score).toPrecision(3)}` : ''
