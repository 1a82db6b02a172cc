import { badInput } from '../../errors.ts'
import { checkId, checkIds, checkRange } from '../../input.ts'
import type { OfferFilter } from './recommendation.type.ts'

export const MAX_EVIDENCE = 50
const MAX_BOOSTS = 20

/** @throws BAD_USER_INPUT that names the field. */
export function checkAsk(
  where: OfferFilter | null | undefined,
  model: string | null | undefined,
  evidence: number,
): void {
  checkRange('evidence', evidence, 0, MAX_EVIDENCE)
  if (model != null) checkId('model', model)
  for (const name of ['categories', 'excludeCategories', 'brands', 'excludeProducts'] as const) {
    checkIds(`where.${name}`, where?.[name] ?? [])
  }
  const { minPrice, maxPrice, diversity, boosts } = where ?? {}
  if (minPrice != null && maxPrice != null && minPrice > maxPrice) {
    throw badInput('where.minPrice', 'where.minPrice is above where.maxPrice.')
  }
  if (diversity != null) checkRange('where.diversity', diversity, 0, 1)
  checkRange('where.boosts', boosts?.length ?? 0, 0, MAX_BOOSTS)
  for (const [at, { productId, categoryId, brand, factor }] of boosts?.entries() ?? []) {
    const field = `where.boosts.${at}`
    checkRange(`${field}.factor`, factor, 0, 10)
    const targets = [productId, categoryId, brand].filter((target) => target != null)
    if (targets.length !== 1) throw badInput(field, `${field} takes exactly one of productId, categoryId and brand.`)
    checkIds(field, targets)
  }
}
