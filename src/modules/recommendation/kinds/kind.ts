import type { LastBought } from '../../../engine/history.ts'
import type { Purchases } from '../../../engine/purchases.ts'
import type { Sparse } from '../../../engine/sparse.ts'
import type { EvidenceKind } from '../../../generated/enums.ts'
import type { Graph, Params, StatementName, Transaction } from '../../../graph/query.ts'
import type { Parameters } from '../../model/parameters.ts'
import type { PathStep, Support } from '../recommendation.type.ts'
import type { OwnWords, Several, Texts } from '../texts/texts.ts'

/** What scores are made of, as arrays. Items are products; in the evaluation also types of products. */
export type World = {
  /** Epoch ms, a UTC midnight. Recency is measured from it. */
  asOf: number
  /** Ids, ascending. */
  customers: string[]
  items: string[]
  /** By id, the index into customers and into items. */
  customerAt: ReadonlyMap<string, number>
  itemAt: ReadonlyMap<string, number>
  /** The class of each item (a product's type), as an index into classes. */
  classes: string[]
  classOf: Int32Array
}

/** Everything there is to learn from. Nothing in it is younger than the model's data. */
export type Data = World & {
  purchases: Purchases
  /** All orders with something bought in them, merchandise or not. */
  orders: number
  /** customers x items: ln(1 + decayed purchases); and, of the same entries, decayed purchases as REPEAT counts them. */
  weights: Sparse
  repeats: Float64Array
  /** Of each customer. */
  lastBought: LastBought[]
  /** Customers of each group, and those who responded to each campaign, by their ids. */
  groups: ReadonlyMap<string, Int32Array>
  responders: ReadonlyMap<string, Int32Array>
}

/** Where paths start: at a customer and what they own, or at the items of a basket. */
export type Start = {
  basket: boolean
  /** Index into customers; -1 for a basket, or a customer the model has not seen. */
  customer: number
  groups: readonly string[]
  campaigns: readonly string[]
  /** Own items, and how much each counts. */
  items: Int32Array
  weights: Float64Array
  /** Decayed purchases of each, as REPEAT counts them: 0 for what was only viewed. */
  repeats: Float64Array
  /** When last, epoch ms. */
  lastAt: Float64Array
}

/** Writes and reads what a model learned, by id instead of by index. */
export type Shelf = {
  model: string
  graph: Graph
  /** Many rows, a part at a time. */
  write<K extends StatementName>(statement: K, rows: Iterable<RowOf<K>>, size?: number): Promise<number>
}
type RowOf<K extends StatementName> = Params<K> extends { rows: (infer R)[] } ? R : never

/** What a customer owns of an item, as the graph tells it. */
export type Own = {
  id: string
  name: string
  department: string | null
  /** The id of its type, and its name. */
  type: string | null
  typeName: string | null
  /** 0: only looked at, or in the basket. */
  times: number
  /** Epoch ms. */
  lastAt: number
  weight: number
  /** The same by views alone; null for what was not looked at. */
  viewed: { weight: number; lastAt: number } | null
  /** Decayed purchases, as REPEAT counts them. */
  repeat: number
}

/** What leads to some products is looked for. */
export type Sought = {
  /** Null: the paths start in a basket. */
  customerId: string | null
  ownIds: readonly string[]
  groups: readonly string[]
  campaigns: readonly string[]
  productIds: readonly string[]
  model: string
  asOf: string
  parameters: Parameters
}
export type Asked = Omit<Sought, 'ownIds'> & { own: readonly Own[] }

/** One path to an offered product, in the kind's own unit, before its weight. */
export type Piece = {
  productId: string
  amount: number
  /** The own product it leads through, if any: such paths are grouped by its type. */
  own?: Own
  /** Its sentence, when it is shown alone: most are not. */
  reason(say: Texts): string
  /** Steps between the start and the offered product, and how the last one is reached. */
  through(say: Texts): PathStep[]
  relationship: string
  support: Support | null
}

type Forget = {
  [K in StatementName]: Params<K> extends { model: string; limit: number } ? K : never
}[StatementName]

/** A kind of evidence: how it is learned, written, read, scored on arrays, and told from the graph. All of it under one name. */
export type Kind<L = unknown, R = unknown> = {
  kind: EvidenceKind
  learn(data: Data, parameters: Parameters): L
  /** Relationships or nodes written. */
  write(learned: L, data: World, shelf: Shelf): Promise<number>
  /** Deletes what write() wrote, a part at a time. */
  forget?: Forget
  read(world: World, shelf: Pick<Shelf, 'graph' | 'model'>): Promise<L>
  /** Adds scale x amount to the total of every item a path leads to. */
  score(learned: L, world: World, start: Start, scale: number, totals: Float64Array, parameters: Parameters): void
  /** The sentence for several own products of one type together, or of one department. */
  together?(say: Texts, group: Several): string
  /** What the graph knows of the paths to a few products. May bring more than one customer asks for: it is read for many at once, too. */
  find(tx: Transaction, sought: Sought): Promise<R[]>
  /** The same for one customer by what was learned, where the graph would have to be asked for each. */
  recall?(learned: L, world: World, start: Start, asked: Asked): R[]
  /** The same amounts as score(), told path by path. */
  pieces(found: readonly R[], asked: Asked): Piece[]
}

export const NO_STEPS = (): PathStep[] => []

export const inWords = ({ name, times }: Own, customerId: string | null): OwnWords => ({
  name,
  times,
  basket: customerId === null,
})
