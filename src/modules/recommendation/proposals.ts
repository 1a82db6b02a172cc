import { setImmediate } from 'node:timers/promises'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { compareText } from '../../batch.ts'
import { largest } from '../../engine/sparse.ts'
import { Language } from '../../generated/enums.ts'
import type { Graph, Row } from '../../graph/query.ts'
import type { ModelVersion } from '../model/model.service.ts'
import type { Weights } from '../model/parameters.ts'
import { KINDS } from './kinds/index.ts'
import type { Asked, Kind } from './kinds/kind.ts'
import { mayBeOffered, shown, toTold } from './offering.ts'
import { type Loaded, toStart } from './ranker.ts'
import { counts, scores } from './ranking.ts'
import type { Evidence, Offer } from './recommendation.type.ts'
import { type Subject, toSubjectOf } from './subject.ts'

/** Of each customer so many offers are recorded, and of each so much of what speaks for it. */
const OFFERS = 5
const EVIDENCE = 5

export type Proposing = {
  model: ModelVersion
  /** Products that may be offered, without any that is no longer sold. */
  productIds: string[]
  customerIds: string[]
}
export type Proposal = {
  customerId: string
  objected: boolean
  /** Of the products: those not owned, and of these those a path leads to. */
  notOwned: number
  reached: number
  /** Of the best offer; null where there is none. */
  score: number | null
  /** Which kind of evidence speaks most for it. */
  kind: string | null
  /** As `unpack` reads them. */
  offers: string
}
/** `words`: what is said otherwise in Polish, side by side with the evidence: its reason, then the names of its steps. */
type Recorded = { productId: string; score: number; rest: number; evidence: Evidence[]; words: string[][] }
type Chosen = { subject: Subject; weights: Weights; trendPower: number; productIds: string[] }

/**
 * What to offer each of many customers out of some products, with the same paths and scores as crossSell: ranked on arrays; what the graph
 * knows of the paths is read once for all of them, and not customer by customer.
 */
export async function proposals(graph: Graph, trained: Loaded, ask: Proposing): Promise<Proposal[]> {
  const { model, customerIds } = ask
  const { asOf, parameters } = model
  const { halfLifeDays, repeatHalfLifeDays } = parameters
  const found = await graph.query('recommendation/subjects', { customerIds, asOf, halfLifeDays, repeatHalfLifeDays })
  const nameOf = await namesOf(graph, trained, found)
  const items = ask.productIds.flatMap((id) => trained.world.itemAt.get(id) ?? [])
  const proposed: (Omit<Proposal, 'score' | 'kind' | 'offers'> & { chosen: Chosen })[] = []
  for (const row of found) {
    const subject = toSubjectOf(row, nameOf, parameters)
    const ranked = choose(trained, model, subject, items, row.objected)
    proposed.push({ customerId: row.customerId, objected: row.objected, ...ranked })
    // Others' questions are answered in between.
    await setImmediate()
  }
  const tell = await teller(
    graph,
    trained,
    model,
    proposed.map(({ chosen }) => chosen),
  )
  const told: Proposal[] = []
  for (const { chosen, ...one } of proposed) {
    const offers = tell(chosen)
    // What is no longer sold since the model was read is not reached.
    const reached = offers.length > 0 ? one.reached : 0
    const [best] = offers
    const kind = best?.evidence[0]?.kind ?? null
    told.push({ ...one, reached, score: best?.score ?? null, kind, offers: pack(offers) })
    await setImmediate()
  }
  return told
}

/** The best of some items that a customer does not own. */
function choose(trained: Loaded, model: ModelVersion, subject: Subject, items: readonly number[], objected: boolean) {
  const { world } = trained
  const question = subject.own.length === 0 ? 'newcomer' : 'crossSell'
  const weights = model.weights[question]
  const trendPower = model.parameters.trend.power[question] ?? 0
  const owned = new Set(subject.own.flatMap(({ id, times }) => (times > 0 ? [world.itemAt.get(id) ?? -1] : [])))
  const candidates = items.filter((item) => !owned.has(item))
  // No path starts at who objects to profiling.
  const passes = objected ? [] : [{ start: toStart(world, subject), weights }]
  const totals = scores(trained, passes, trendPower)
  const reached = candidates.filter((item) => totals[item]! > 0)
  const productIds = largest(totals, Int32Array.from(reached), OFFERS).map((item) => world.items[item]!)
  return {
    notOwned: candidates.length,
    reached: reached.length,
    chosen: { subject, weights, trendPower, productIds },
  }
}

/** Reads what leads to all the products chosen, and answers how to tell the offers of each customer. */
async function teller(graph: Graph, { world, learned }: Loaded, model: ModelVersion, all: readonly Chosen[]) {
  const { id, asOf, parameters } = model
  const productIds = unique(all, ({ productIds }) => productIds)
  const about = { productIds, model: id, asOf, parameters }
  const used = KINDS.filter((kind) => all.some(({ weights }) => counts(weights).includes(kind)))
  const [products, ...rows] = await graph.read((tx) =>
    Promise.all([
      tx.query('recommendation/products', { productIds, model: id }),
      ...used.map((kind) => {
        if (kind.recall || productIds.length === 0) return []
        const those = all.filter(({ weights }) => counts(weights).includes(kind)).map(({ subject }) => subject)
        return kind.find(tx, {
          ...about,
          // Of no single one of them: what it brings is theirs or not by the ids of what they own and where they belong.
          customerId: '',
          ownIds: unique(those, ({ own }) => own.map(({ id }) => id)),
          groups: unique(those, ({ groups }) => groups),
          campaigns: unique(those, ({ campaigns }) => campaigns),
        })
      }),
    ]),
  )
  const factsOf = new Map(products.map((one) => [one.id, one]))
  const rowsOf = new Map(used.map((kind, at) => [kind, byProduct(rows[at] as Row<'recommendation/trending'>[])]))

  return ({ subject, weights, trendPower, productIds }: Chosen): Recorded[] => {
    const { customerId, own, groups, campaigns } = subject
    const asked: Asked = { ...about, customerId, own, groups, campaigns, productIds }
    const start = toStart(world, subject)
    const find = (kind: Kind) => {
      if (!kind.recall) return productIds.flatMap((id) => rowsOf.get(kind)!.get(id) ?? [])
      return learned.has(kind.kind) ? kind.recall(learned.get(kind.kind), world, start, asked) : []
    }
    const found = counts(weights).map((kind) => ({
      kind,
      weight: weights[kind.kind]!,
      basket: false,
      pieces: kind.pieces(find(kind), asked),
    }))
    const facts = productIds.flatMap((id) => factsOf.get(id) ?? [])
    const [english, polish] = toTold([Language.EN, Language.PL], facts, found, { customerId, trendPower })
    return [...english!.values()]
      .filter((one) => mayBeOffered(one, {}) && one.score > 0)
      .sort((a, b) => b.score - a.score || compareText(a.facts.id, b.facts.id))
      .map(({ facts, score, evidence }) => ({
        productId: facts.id,
        score,
        rest: shown(evidence, EVIDENCE).otherContribution,
        evidence: evidence.slice(0, EVIDENCE),
        words: polish!.get(facts.id)!.evidence.slice(0, EVIDENCE).map(wordsOf),
      }))
  }
}

const unique = <T>(all: readonly T[], of: (one: T) => readonly string[]): string[] => [...new Set(all.flatMap(of))]

function byProduct<R extends { productId: string }>(rows: readonly R[]): ReadonlyMap<string, R[]> {
  const found = new Map<string, R[]>()
  for (const row of rows) found.set(row.productId, [...(found.get(row.productId) ?? []), row])
  return found
}

/** Names come with the model's products; of what was described since it was read they are asked for. */
async function namesOf(graph: Graph, { world, facts }: Loaded, found: readonly Row<'recommendation/subjects'>[]) {
  const own = unique(found, ({ boughtIds, viewed }) => [...boughtIds, ...viewed.map(({ id }) => id)])
  const others = own.filter((id) => !world.itemAt.has(id))
  const rows = others.length > 0 ? await graph.query('recommendation/basket', { productIds: others }) : []
  const named = new Map(rows.map((row) => [row.id, row]))
  return (id: string) => facts[world.itemAt.get(id) ?? -1] ?? named.get(id)!
}

const wordsOf = ({ reason, path }: Evidence): string[] => [reason, ...path.map(({ name }) => name)]

const pack = (offers: Recorded[]): string => deflateRawSync(JSON.stringify(offers)).toString('base64')

/** Recorded offers as they are told, with the first few of what speaks for each. */
export function unpack(packed: string, language: Language, first: number): Offer[] {
  const recorded = JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString()) as Recorded[]
  return recorded.map(({ productId, score, rest, evidence, words }, at) => {
    const told = language === Language.PL ? evidence.map((one, n) => said(one, words[n]!)) : evidence
    const { evidence: some, otherContribution } = shown(told, first)
    const reason = told[0]!.reason
    return { productId, rank: at + 1, score, reason, evidence: some, otherContribution: otherContribution + rest }
  })
}

const said = (one: Evidence, [reason, ...names]: string[]): Evidence => ({
  ...one,
  reason: reason!,
  path: one.path.map((step, at) => ({ ...step, name: names[at]! })),
})
