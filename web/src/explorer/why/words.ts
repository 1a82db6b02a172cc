const KINDS: Readonly<Record<string, string>> = {
  REPEAT: 'Bought again',
  BOUGHT_WITH: 'Bought together',
  BOUGHT_AFTER: 'Bought after',
  SIMILAR_CUSTOMER: 'Similar customers',
  ITEM_MODEL: 'Item model',
  TRENDING: 'Trending',
  SAME_CATEGORY: 'Same category',
  POPULAR_IN_GROUP: 'Popular in group',
  CAMPAIGN: 'Campaign response',
  BOOST: 'Boost',
  DIVERSITY: 'Diversity',
  OTHER: 'Other paths',
}

/** A kind this page does not know yet is still readable. */
export const kindName = (kind: string): string =>
  KINDS[kind] ?? kind.charAt(0) + kind.slice(1).toLowerCase().replaceAll('_', ' ')

const FOUR = { minimumFractionDigits: 4, maximumFractionDigits: 4 } as const
const signed = new Intl.NumberFormat('en', { ...FOUR, signDisplay: 'exceptZero' })
const plain = new Intl.NumberFormat('en', FOUR)

export const asScore = (value: number): string => plain.format(value)
export const asContribution = (value: number): string => signed.format(value)
