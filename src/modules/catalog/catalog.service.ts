import { type BatchResult, compareText, type Entry, sortedIds, takeBatch } from '../../batch.ts'
import { badInput } from '../../errors.ts'
import { CategoryLevel } from '../../generated/enums.ts'
import type { Graph, Params, Row, Transaction } from '../../graph/query.ts'
import { checkId, checkRange, checkText } from '../../input.ts'
import type { ProductInput } from './catalog.type.ts'
import { categoryIds, categoryLevels, isMerchandise } from './merchandise.ts'

export type CatalogService = ReturnType<typeof createCatalogService>

const LEVELS = ['department', 'category', 'type'] as const
const FIELDS = ['name', 'brand', ...LEVELS, 'packageSize', 'manufacturerId', 'price', 'margin', 'active'] as const
const MAX_TEXT = 200
/** A type's id holds its category's name too, and is an id like others. */
const MAX_LEVEL = 90
const MAX_PRICE = 1e12

type State = Pick<Row<'catalog/lock'>, (typeof FIELDS)[number]>
type Written = Params<'catalog/write'>['products'][number]

export function createCatalogService({ graph }: { graph: Graph }) {
  return {
    /**
     * A field that is left out keeps its value (but `active`, which is true unless said otherwise), null removes it. No event is
     * noted: sending the same again finds nothing to change.
     */
    upsert: (products: ProductInput[]): Promise<BatchResult> =>
      takeBatch('products', products, {
        check: checked,
        compare: (a, b) => compareText(a.id, b.id),
        write: (entries) => graph.transaction((tx) => write(tx, entries)),
      }),
  }
}

function checked(product: ProductInput): ProductInput {
  checkId('id', product.id)
  checkText('name', product.name, MAX_TEXT)
  for (const name of ['brand', 'packageSize'] as const)
    if (product[name] != null) checkText(name, product[name], MAX_TEXT)
  for (const name of LEVELS) if (product[name] != null) checkText(name, product[name], MAX_LEVEL)
  // Else two types could share an id.
  if (product.category?.includes(' | ')) throw badInput('category', 'category must not hold " | ".')
  if (product.manufacturerId != null) checkId('manufacturerId', product.manufacturerId)
  if (product.price != null) checkRange('price', product.price, 0, MAX_PRICE)
  if (product.margin != null) checkRange('margin', product.margin, 0, 1)
  return product
}

async function write(tx: Transaction, entries: Entry<ProductInput>[]) {
  const known = await tx.query('catalog/lock', { ids: sortedIds(entries.map(({ item }) => item.id)) })
  const before = new Map<string, State>(known.map((row) => [row.id, row]))
  const now = new Map(before)
  const changed = new Set<string>()
  let accepted = 0
  for (const { item } of entries) {
    const state = now.get(item.id)!
    const next = { ...state, ...given(item) }
    if (FIELDS.every((name) => next[name] === state[name])) continue
    now.set(item.id, next)
    changed.add(item.id)
    accepted++
  }

  const rows = [...changed].map((id) => toRow(id, before.get(id)!, now.get(id)!))
  if (rows.length > 0) {
    await writeCategories(tx, rows)
    await tx.query('catalog/write', { products: rows })
    // What leads from a product, and what may be offered, is another matter now.
    if (rows.some(({ id, moved, active }) => moved || active !== before.get(id)!.active))
      await tx.query('snapshot/invalidate', { change: crypto.randomUUID() })
  }
  return { accepted, rejected: [] }
}

/** The fields that were sent, null or not. */
const given = (item: ProductInput): Partial<State> =>
  Object.fromEntries(FIELDS.filter((name) => item[name] !== undefined).map((name) => [name, item[name]]))

function toRow(id: string, before: State, now: State) {
  const { department, category, type } = now
  const ids = categoryIds(department, category, type)
  return {
    ...now,
    id,
    name: now.name!,
    active: now.active!,
    merchandise: isMerchandise(department, category),
    moved: LEVELS.some((name) => before[name] !== now[name]),
    inCategoryId: ids.typeId ?? ids.departmentId,
    ...ids,
  } satisfies Written & ReturnType<typeof categoryIds>
}

/** Those of the products that moved, level by level and each by its id: the order in which every writer takes them. */
async function writeCategories(tx: Transaction, rows: ReturnType<typeof toRow>[]): Promise<void> {
  const levels = rows.filter(({ moved }) => moved).flatMap(categoryLevels)
  const unique = new Map(levels.map((one) => [`${one.id}\n${one.parentId}`, one]))
  const sorted = [...unique].sort(([a], [b]) => compareText(a, b)).map(([, one]) => one)
  for (const level of [CategoryLevel.DEPARTMENT, CategoryLevel.CATEGORY, CategoryLevel.TYPE]) {
    const atLevel = sorted.filter((one) => one.level === level)
    if (atLevel.length > 0) await tx.query('load/categories', { rows: atLevel })
  }
}
