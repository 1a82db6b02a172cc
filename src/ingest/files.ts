import type { Params, StatementName, Transaction } from '../graph/query.ts'
import { categoryIds, categoryLevels, isMerchandise } from '../modules/catalog/merchandise.ts'
import { type CsvRow, cell } from './csv.ts'

/** How each file but the order lines becomes rows of a statement. */

type Prepared = { toRow(row: CsvRow): unknown; write(tx: Transaction, rows: unknown[]): Promise<void> }
type Options = { until?: Date | undefined }
export type FileLoader = {
  name: string
  optional: boolean
  /** Needs the orders' customers or products. */
  after: boolean
  columns: readonly string[]
  prepare(options: Options): Prepared
}

type Rows<K extends StatementName> = Params<K> extends { rows: (infer Row)[] } ? Row : never

/** Most files: a row in, a row out (null: left out), one statement. */
function simple<K extends StatementName>(statement: K, toRow: (row: CsvRow, options: Options) => Rows<K> | null) {
  return (options: Options): Prepared => ({
    toRow: (row) => toRow(row, options),
    write: async (tx, rows) => {
      await tx.query(statement, { rows } as unknown as Params<K>)
    },
  })
}

const products: FileLoader = {
  name: 'products',
  optional: false,
  after: false,
  columns: ['product_id', 'manufacturer_id', 'department', 'brand', 'product_category', 'product_type', 'package_size'],
  prepare: () => {
    return {
      toRow: toProduct,
      write: async (tx, rows) => {
        const items = rows as Rows<'load/products'>[]
        const levels = items.flatMap(categoryLevels)
        const unique = [...new Map(levels.map((level) => [`${level.id}>${level.parentId}`, level])).values()]
        // Departments first: a parent must be there before its children.
        for (const level of ['DEPARTMENT', 'CATEGORY', 'TYPE']) {
          const atLevel = unique.filter((category) => category.level === level)
          if (atLevel.length > 0) await tx.query('load/categories', { rows: atLevel })
        }
        await tx.query('load/products', { rows: items })
      },
    }
  },
}

function toProduct(row: CsvRow): Rows<'load/products'> {
  const id = cell.id(row, 'product_id')
  const [department, category, type] = [
    cell.text(row, 'department'),
    cell.text(row, 'product_category'),
    cell.text(row, 'product_type'),
  ]
  const [brand, packageSize] = [cell.text(row, 'brand'), cell.text(row, 'package_size')]
  const name = [type ?? category ?? department, brand, packageSize].filter(Boolean).join(', ') || `Product ${id}`
  return {
    id,
    name,
    manufacturerId: cell.text(row, 'manufacturer_id'),
    department,
    brand,
    category,
    type,
    packageSize,
    merchandise: isMerchandise(department, category),
    ...categoryIds(department, category, type),
  }
}

/** Of a customer, by the column of the file. */
export const ATTRIBUTES = {
  age: 'age',
  income: 'income',
  homeOwnership: 'home_ownership',
  maritalStatus: 'marital_status',
  householdSize: 'household_size',
  householdComposition: 'household_comp',
  kids: 'kids_count',
} as const

const toCustomer = (row: CsvRow): Rows<'load/customers'> => {
  const attributes = Object.fromEntries(
    Object.entries(ATTRIBUTES).map(([name, column]) => [name, cell.text(row, column)]),
  )
  const groups = Object.entries(attributes).flatMap(([attribute, value]) =>
    value === null ? [] : [{ id: `${attribute}:${value}`, attribute, value }],
  )
  return { id: cell.id(row, 'household_id'), ...attributes, groups }
}

/** A campaign that starts later is not known yet, nor who got it: statements that name it find nothing. */
const toCampaign = (row: CsvRow, { until }: Options): Rows<'load/campaigns'> | null => {
  const startsAt = cell.date(row, 'start_date')
  const endsAt = cell.date(row, 'end_date')
  return until && startsAt >= until
    ? null
    : { id: cell.id(row, 'campaign_id'), type: cell.id(row, 'campaign_type'), startsAt, endsAt }
}

const toSent = (row: CsvRow): Rows<'load/interactions'> => {
  const [campaignId, customerId] = [cell.id(row, 'campaign_id'), cell.id(row, 'household_id')]
  return { id: `sent:${campaignId}:${customerId}`, customerId, campaignId, type: 'SENT', couponId: null, at: null }
}

const toRedeemed = (row: CsvRow, { until }: Options): Rows<'load/interactions'> | null => {
  const [campaignId, customerId, couponId] = [
    cell.id(row, 'campaign_id'),
    cell.id(row, 'household_id'),
    cell.id(row, 'coupon_upc'),
  ]
  const at = cell.date(row, 'redemption_date')
  const id = `redeemed:${campaignId}:${customerId}:${couponId}:${at.toISOString().slice(0, 10)}`
  return until && at >= until ? null : { id, customerId, campaignId, type: 'REDEEMED', couponId, at }
}

export const FILES: readonly FileLoader[] = [
  products,
  {
    name: 'demographics',
    optional: true,
    after: false,
    columns: ['household_id', ...Object.values(ATTRIBUTES)],
    prepare: simple('load/customers', toCustomer),
  },
  {
    name: 'campaign_descriptions',
    optional: true,
    after: true,
    columns: ['campaign_id', 'campaign_type', 'start_date', 'end_date'],
    prepare: simple('load/campaigns', toCampaign),
  },
  {
    name: 'coupons',
    optional: true,
    after: true,
    columns: ['coupon_upc', 'product_id', 'campaign_id'],
    prepare: simple('load/coupons', (row) => ({
      id: cell.id(row, 'coupon_upc'),
      productId: cell.id(row, 'product_id'),
      campaignId: cell.id(row, 'campaign_id'),
    })),
  },
  {
    name: 'campaigns',
    optional: true,
    after: true,
    columns: ['campaign_id', 'household_id'],
    prepare: simple('load/interactions', toSent),
  },
  {
    name: 'coupon_redemptions',
    optional: true,
    after: true,
    columns: ['household_id', 'coupon_upc', 'campaign_id', 'redemption_date'],
    prepare: simple('load/interactions', toRedeemed),
  },
  {
    name: 'promotions_weekly',
    optional: true,
    after: true,
    columns: ['week', 'product_id', 'stores', 'display', 'mailer'],
    prepare: simple('load/promotions', (row) => ({
      week: cell.whole(row, 'week'),
      productId: cell.id(row, 'product_id'),
      stores: cell.whole(row, 'stores'),
      display: cell.whole(row, 'display'),
      mailer: cell.whole(row, 'mailer'),
    })),
  },
]
