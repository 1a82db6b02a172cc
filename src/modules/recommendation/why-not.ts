import { ExclusionCode } from '../../generated/enums.ts'
import { filterAgainst } from './filter.ts'
import type { Told } from './offering.ts'
import type { Exclusion, OfferFilter } from './recommendation.type.ts'
import type { Texts } from './texts/texts.ts'

export const RECOMMENDED_WITHIN = 10

/** Every reason why a product is not offered to a customer; empty when it is. `times`: how often they bought it. */
export function exclusions(
  { facts, evidence }: Told,
  times: number,
  rank: number | null,
  where: OfferFilter,
  { say, objected }: { say: Texts; objected: boolean },
): Exclusion[] {
  const found: Exclusion[] = []
  const because = (code: ExclusionCode, message: string) => found.push({ code, message })
  if (objected) because(ExclusionCode.OBJECTED, say.objected)
  if (!facts.merchandise) because(ExclusionCode.NOT_MERCHANDISE, say.notMerchandise(facts.name))
  if (!facts.active) because(ExclusionCode.INACTIVE, say.inactive(facts.name))
  if (times > 0 && !where.includeOwned) because(ExclusionCode.OWNED, say.owned(times))
  const filter = filterAgainst(facts, where)
  if (filter) because(ExclusionCode.FILTERED, say.filtered(filter))
  if (evidence.length === 0 && !objected) because(ExclusionCode.NO_PATH, say.noPath)
  if (rank === null ? found.length === 0 : rank > RECOMMENDED_WITHIN)
    because(ExclusionCode.BELOW_RANK, rank === null ? say.outweighed : say.belowRank(rank, RECOMMENDED_WITHIN))
  return found
}
