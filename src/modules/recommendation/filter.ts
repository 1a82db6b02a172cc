import type { OfferFilter } from './recommendation.type.ts'

type Filtered = { id: string; brand: string | null; price: number | null; categoryIds: readonly string[] }

/** Which filter leaves this product out, by name; null when none does. */
export function filterAgainst(product: Filtered, where: OfferFilter): string | null {
  const has = (ids: readonly string[] | null | undefined) => product.categoryIds.some((id) => ids?.includes(id))
  if (where.categories?.length && !has(where.categories)) return 'categories'
  if (has(where.excludeCategories)) return 'excludeCategories'
  if (where.brands?.length && !where.brands.includes(product.brand ?? '')) return 'brands'
  if (where.excludeProducts?.includes(product.id)) return 'excludeProducts'
  if (where.minPrice != null && !(product.price != null && product.price >= where.minPrice)) return 'minPrice'
  if (where.maxPrice != null && !(product.price != null && product.price <= where.maxPrice)) return 'maxPrice'
  return null
}

/** Whether any filter is set; an empty list of ids or brands is none. */
export const narrows = (where: OfferFilter): boolean =>
  (['categories', 'excludeCategories', 'brands', 'excludeProducts'] as const).some((name) => where[name]?.length) ||
  where.minPrice != null ||
  where.maxPrice != null
