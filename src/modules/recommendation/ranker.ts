import type { Graph } from '../../graph/query.ts'
import { categoryIdsOf } from '../catalog/merchandise.ts'
import type { Parameters, Weights } from '../model/parameters.ts'
import { type Adjustment, adjust } from './adjust.ts'
import { type ProductFacts, readWorld } from './data.ts'
import { filterAgainst, narrows } from './filter.ts'
import { KINDS } from './kinds/index.ts'
import type { Own, Start, World } from './kinds/kind.ts'
import { readMeasures } from './kinds/measure.ts'
import { type Proposal, type Proposing, proposals } from './proposals.ts'
import { type Pass, scores, type Trained } from './ranking.ts'
import type { OfferFilter } from './recommendation.type.ts'
import { createSubjects } from './subjects.ts'
import { type Who, type WhoQuestion, whoFor } from './who-for.ts'
import { type Decided, type Doubt, withoutOne } from './without.ts'

/** Where paths start, by id. */
export type AskedStart = {
  customerId: string | null
  groups: string[]
  campaigns: string[]
  own: Pick<Own, 'id' | 'weight' | 'repeat' | 'lastAt' | 'times' | 'viewed'>[]
}
export type Question = {
  model: { id: string; asOf: string; parameters: Parameters; kinds: string[] }
  passes: { start: AskedStart; weights: Weights }[]
  trendPower: number
  where: OfferFilter
  /** Never offered: what is owned, unless that is allowed, and what is in the basket. */
  exclude: string[]
  first: number
  /** Asks for the rank of this product too. */
  rankOf?: string | null
}
export type Ranked = {
  items: ({ productId: string; score: number } & Adjustment)[]
  /** Of the product that was asked for, and what boosts and diversity make of it. */
  rank: number | null
  adjustment: Adjustment
}

export type Loaded = Trained & {
  facts: (ProductFacts & { categoryIds: string[] })[]
}

/** Models kept in memory: the active one, the one before it, and one to compare with or to change to. */
const KEPT = 3

export type Ranker = ReturnType<typeof createRanker>

/** Ranks all products for a question, on arrays read from the graph once a model. */
export function createRanker(graph: Graph) {
  const models = new Map<string, Promise<Loaded>>()
  const subjects = createSubjects(graph)

  function load(model: Question['model']): Promise<Loaded> {
    const known = models.get(model.id)
    models.delete(model.id)
    const loading = known ?? read(graph, model)
    models.set(model.id, loading)
    loading.catch(() => models.delete(model.id))
    for (const id of [...models.keys()].slice(0, -KEPT)) models.delete(id)
    return loading
  }

  return {
    load: async (model: Question['model']): Promise<void> => {
      await load(model)
    },

    rank: async ({ first, rankOf, ...question }: Question): Promise<Ranked> => {
      const trained = await load(question.model)
      const { items, itemAt } = trained.world
      const { best, rank, of, totals } = rankAll(trained, question)
      const item = rankOf == null ? undefined : itemAt.get(rankOf)
      return {
        items: best(first).map(({ item, ...rest }) => ({ productId: items[item]!, score: totals[item]!, ...rest })),
        rank: item === undefined ? null : rank(item),
        adjustment: item === undefined ? { boost: 1, diversity: 1 } : of(item),
      }
    },

    propose: async (ask: Proposing): Promise<Proposal[]> => proposals(graph, await load(ask.model), ask),

    without: async (doubt: Doubt): Promise<Decided> => withoutOne(await load(doubt.question.model), doubt),

    who: async ({ model, ...asked }: WhoQuestion): Promise<Who> => {
      const trained = await load(model)
      return whoFor(trained, await subjects(trained, model), asked)
    },
  }
}

/** Every product's score, 0 for what may not be offered, and what is best of them with boosts and diversity. */
export function rankAll(
  trained: Loaded,
  { passes, trendPower, where, exclude }: Pick<Question, 'passes' | 'trendPower' | 'where' | 'exclude'>,
) {
  const { world } = trained
  const totals = scores(
    trained,
    passes.map(({ start, weights }): Pass => ({ start: toStart(world, start), weights })),
    trendPower,
  )
  for (const id of exclude) {
    const item = world.itemAt.get(id)
    if (item !== undefined) totals[item] = 0
  }
  leaveOut(trained, totals, where)
  return { totals, ...adjust(trained, totals, where) }
}

async function read(graph: Graph, { id, asOf, parameters, kinds }: Question['model']): Promise<Loaded> {
  const { world, products } = await readWorld(graph, new Date(asOf))
  const shelf = { graph, model: id }
  const measures = await readMeasures(world, shelf)
  const learned = new Map<string, unknown>()
  for (const { kind, read } of KINDS) if (kinds.includes(kind)) learned.set(kind, await read(world, shelf))
  const facts = products.map((product) => ({ ...product, categoryIds: categoryIdsOf(product) }))
  return {
    world,
    measures,
    parameters,
    learned,
    facts,
  }
}

export function toStart({ itemAt, customerAt }: World, { customerId, groups, campaigns, own }: AskedStart): Start {
  const known = own.filter(({ id }) => itemAt.has(id))
  return {
    basket: customerId === null,
    customer: customerId === null ? -1 : (customerAt.get(customerId) ?? -1),
    groups,
    campaigns,
    items: Int32Array.from(known, ({ id }) => itemAt.get(id)!),
    weights: Float64Array.from(known, ({ weight }) => weight),
    repeats: Float64Array.from(known, ({ repeat }) => repeat),
    lastAt: Float64Array.from(known, ({ lastAt }) => lastAt),
  }
}

/** What a filter leaves out scores nothing. */
function leaveOut({ facts, measures }: Loaded, totals: Float64Array, where: OfferFilter): void {
  if (!narrows(where)) return
  for (const item of measures.catalogue) {
    if (totals[item]! > 0 && filterAgainst(facts[item]!, where) !== null) totals[item] = 0
  }
}
