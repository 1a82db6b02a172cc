import { seeded } from '../random.ts'
import type { Case, ListTask, Split, Truth } from './split.ts'

/** Ranked items, best first, by the customer's or the case's id. */
export type Lists = ReadonlyMap<string, readonly string[]>
/** 2.5 % and 97.5 % of the mean over resampled customers or cases. */
export type Interval = [low: number, high: number]

/** Means over the customers of the truth, 0 to 1, of the first k of each list. A customer without a list scores 0. */
export type ListScores = {
  customers: number
  missingLists: number
  recall: number
  recallInterval: Interval
  ndcg: number
  ndcgInterval: Interval
  /** Share of customers with at least one item found. */
  hit: number
  precision: number
  /** The most that recall could be. */
  recallCeiling: number
  /** Distinct catalogue items shown, of the catalogue. */
  coverage: number
  distinctItems: number
  /** Of everything shown, the share of the ten items shown most. */
  shareOfTop10Items: number
  /** Items shown that the customer had bought before the cut; misses, and counted in task B only. */
  alreadyBought: number
  outsideCatalogue: number
  duplicates: number
}

/** Means over the cases, 0 to 1, of the first k of each list. A case without a list scores 0. */
export type BasketScores = {
  cases: number
  customers: number
  missingLists: number
  /** Mean of 1 / rank of the held-out item, 0 where it is not among the first k. */
  mrr: number
  mrrInterval: Interval
  hit: number
  hitInterval: Interval
}

/** Tasks A and B. An item named twice counts once, at its first rank, and its other places stay empty. */
export function scoreLists(split: Split, truth: Truth, lists: Lists, task: ListTask, k = 10): ListScores {
  const [recall, ndcg, hit, precision, ceiling]: number[][] = [[], [], [], [], []]
  const shown = new Map<string, number>()
  let [missingLists, alreadyBought, outsideCatalogue, duplicates] = [0, 0, 0, 0]
  for (const [customerId, bought] of truth) {
    const list = lists.get(customerId)
    if (!list) missingLists++
    const named = list?.slice(0, k) ?? []
    const items = [...new Set(named)]
    duplicates += named.length - items.length
    let [hits, gain] = [0, 0]
    for (const [rank, item] of items.entries()) {
      shown.set(item, (shown.get(item) ?? 0) + 1)
      if (task === 'B' && split.history(customerId).has(item)) alreadyBought++
      if (!split.catalogue.has(item)) outsideCatalogue++
      if (!bought.has(item)) continue
      hits++
      gain += discount(rank)
    }
    const most = Math.min(k, bought.size)
    let best = 0
    for (let rank = 0; rank < most; rank++) best += discount(rank)
    recall!.push(hits / bought.size)
    ndcg!.push(gain / best)
    hit!.push(hits > 0 ? 1 : 0)
    precision!.push(hits / k)
    ceiling!.push(most / bought.size)
  }
  const times = [...shown.values()].sort((a, b) => b - a)
  const inCatalogue = [...shown.keys()].filter((item) => split.catalogue.has(item)).length
  return {
    customers: truth.size,
    missingLists,
    recall: mean(recall!),
    recallInterval: interval(recall!),
    ndcg: mean(ndcg!),
    ndcgInterval: interval(ndcg!),
    hit: mean(hit!),
    precision: mean(precision!),
    recallCeiling: mean(ceiling!),
    coverage: inCatalogue / split.catalogue.size,
    distinctItems: shown.size,
    shareOfTop10Items: sum(times.slice(0, 10)) / (sum(times) || 1),
    alreadyBought,
    outsideCatalogue,
    duplicates,
  }
}

/** Task C. An item named twice counts once, and those after it move up. */
export function scoreBaskets(cases: readonly Case[], lists: Lists, k = 10): BasketScores {
  const reciprocal: number[] = []
  let missingLists = 0
  for (const { id, held } of cases) {
    const list = lists.get(id)
    if (!list) missingLists++
    const at = [...new Set(list)].slice(0, k).indexOf(held)
    reciprocal.push(at < 0 ? 0 : 1 / (at + 1))
  }
  const hit = reciprocal.map((value) => (value > 0 ? 1 : 0))
  return {
    cases: cases.length,
    customers: new Set(cases.map(({ customerId }) => customerId)).size,
    missingLists,
    mrr: mean(reciprocal),
    mrrInterval: interval(reciprocal),
    hit: mean(hit),
    hitInterval: interval(hit),
  }
}

const discount = (rank: number): number => 1 / Math.log2(rank + 2)
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const mean = (values: readonly number[]): number => sum(values) / values.length

export const RESAMPLES = 1_000

/** Bootstrap, 95 %: the same values in the same order always give the same interval. */
export function interval(values: readonly number[], seed = 7): Interval {
  const random = seeded(seed)
  const means = new Float64Array(RESAMPLES)
  for (let resample = 0; resample < RESAMPLES; resample++) {
    let total = 0
    for (let n = 0; n < values.length; n++) total += values[Math.floor(random() * values.length)]!
    means[resample] = total / values.length
  }
  means.sort()
  return [quantile(means, 0.025), quantile(means, 0.975)]
}

/** Linear between the two nearest. */
export function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!]
  return low + (high - low) * (at - Math.floor(at))
}
