import type { Row } from '../../graph/query.ts'
import { categoryIds } from '../catalog/merchandise.ts'
import type { Parameters } from '../model/parameters.ts'
import type { Own } from './kinds/kind.ts'

/** Who asks: what they own and where they belong. Null: nobody, paths start in a basket alone. */
export type Subject = {
  customerId: string
  groups: string[]
  campaigns: string[]
  /** What was bought or looked at, by id. */
  own: Own[]
}

type Found = Row<'recommendation/subject'>
type Named = Pick<Found['viewed'][number], 'id' | 'name' | 'department' | 'category' | 'type'>

type Owning = Pick<Found, 'groups' | 'campaigns' | 'bought' | 'amounts' | 'viewed'>

export function toSubject(found: Owning & { customerId: string }, { viewShare }: Parameters): Subject {
  const { customerId, groups, campaigns } = found
  const viewed = new Map(found.viewed.map((one) => [one.id, one]))
  const own = found.bought.map(([id, name, department, category, type], at): Own => {
    const [times, lastAt, recency, repeat] = found.amounts[at] as [number, number, number, number]
    const one = { id: id!, name: name!, department: department!, category: category!, type: type! }
    const seen = viewed.get(one.id)
    viewed.delete(one.id)
    const weight = weightOf(recency, seen?.recency ?? 0, viewShare)
    return { ...named(one), times, repeat, lastAt, weight, viewed: seen ? viewedAs(seen, viewShare) : null }
  })
  for (const one of viewed.values())
    own.push({ ...named(one), times: 0, repeat: 0, ...viewedAs(one, viewShare), viewed: viewedAs(one, viewShare) })
  return { customerId, groups, campaigns, own: own.sort((a, b) => (a.id < b.id ? -1 : 1)) }
}

/** How much an own product counts: ln(1 + decayed purchases + a share of decayed views). */
const weightOf = (purchases: number, views: number, viewShare: number) => Math.log1p(purchases + viewShare * views)

const viewedAs = ({ lastAt, recency }: Found['viewed'][number], viewShare: number) => ({
  lastAt,
  weight: weightOf(0, recency, viewShare),
})

/** The products of a basket share what one would count, by the square root of how many there are. */
export const inBasket = (products: readonly Named[]): Own[] =>
  products.map((product) => ({
    ...named(product),
    times: 0,
    repeat: 0,
    lastAt: JUST_NOW,
    weight: products.length ** -0.5,
    viewed: null,
  }))

const JUST_NOW = Number.MAX_SAFE_INTEGER

const named = ({ id, name, department, category, type }: Named) => ({
  id,
  name,
  department,
  type: categoryIds(department, category, type).typeId,
  typeName: type ?? category,
})
