import { STATEMENTS, type StatementName } from '../../src/graph/query.ts'
import { ATTRIBUTES } from '../../src/ingest/files.ts'

/**
 * The load as LOAD CSV in the server: the texts of cypher/load/*.cypher, each fed from a file instead of from a parameter. Built here
 * because it serves nobody; it does no checks of rows, no rejects and no resuming.
 */

export type Step = { name: string; text: string }

/** `source` ends with the variable `row`, which takes the place of the statement's list. */
function wrapped(source: string, statement: StatementName, list: string, each: number): string {
  const text = STATEMENTS.get(statement)!
    .text.replaceAll(`$${list}`, '[given]')
    .replaceAll('CALL () {', 'CALL (given) {')
  // LOAD CSV wants implicit transactions, and the statement its own name for a row.
  return `${source}\nWITH row AS given\nCALL (given) {\n${text}\n} IN TRANSACTIONS OF ${each} ROWS\nRETURN count(*) AS rows`
}

const csv = (file: string) => `LOAD CSV WITH HEADERS FROM 'file:///${file}.csv.gz' AS line`
const text = (column: string) => `CASE trim(line.${column}) WHEN '' THEN null ELSE trim(line.${column}) END`

/** Levels of category, as src/modules/catalog/merchandise.ts names them. */
const LEVELS = `WITH ${text('department')} AS department, ${text('product_category')} AS category, ${text('product_type')} AS type, line
WITH *, 'department:' + department AS departmentId, 'category:' + category AS categoryId,
     CASE WHEN category IS NULL AND type IS NULL THEN null ELSE coalesce(category, '?') + ' | ' + coalesce(type, '?') END AS typeId`
const level = (id: string, name: string, level: string, parent: string) =>
  wrapped(
    `${csv('products')} ${LEVELS}
WITH DISTINCT ${id} AS id, ${name} AS name, ${parent} AS parentId WHERE id IS NOT NULL
WITH {id: id, name: name, level: '${level}', parentId: parentId} AS row`,
    'load/categories',
    'rows',
    5_000,
  )

const interaction = (file: string, map: string) =>
  wrapped(`${csv(file)} WITH ${map} AS row`, 'load/interactions', 'rows', 5_000)

const attributes = Object.entries(ATTRIBUTES)
const group = ([name, column]: [string, string]) =>
  `{id: '${name}:' + trim(line.${column}), attribute: '${name}', value: ${text(column)}}`

export const STEPS: Step[] = [
  { name: 'departments', text: level('departmentId', 'department', 'DEPARTMENT', 'null') },
  { name: 'categories', text: level('categoryId', 'category', 'CATEGORY', 'departmentId') },
  { name: 'types', text: level('typeId', 'coalesce(type, category)', 'TYPE', 'coalesce(categoryId, departmentId)') },
  {
    name: 'products',
    text: wrapped(
      `${csv('products')} ${LEVELS}
WITH {id: line.product_id, manufacturerId: ${text('manufacturer_id')}, department: department, category: category, type: type,
      brand: ${text('brand')}, packageSize: ${text('package_size')}, departmentId: departmentId, categoryId: categoryId, typeId: typeId,
      merchandise: department IS NOT NULL AND NOT department IN $departments AND NOT coalesce(category, '') IN $categories,
      name: coalesce(type, category, department, line.product_id) + ', ' + line.brand} AS row`,
      'load/products',
      'rows',
      5_000,
    ),
  },
  {
    name: 'customers',
    text: wrapped(
      `${csv('demographics')}
WITH {id: line.household_id, ${attributes.map(([name, column]) => `${name}: ${text(column)}`).join(', ')},
      groups: [group IN [${attributes.map(group).join(', ')}] WHERE group.value IS NOT NULL]} AS row`,
      'load/customers',
      'rows',
      5_000,
    ),
  },
  {
    name: 'unknown customers',
    text: unknown('customer_id', 'customerIds', 'productIds'),
  },
  {
    name: 'unknown products',
    text: unknown('product_id', 'productIds', 'customerIds'),
  },
  {
    name: 'orders',
    text: wrapped(
      `${csv('order_lines')}
WITH line.order_id AS id, line.customer_id AS customerId, line.ordered_at AS at, line.store_id AS storeId, line.product_id AS productId,
     sum(toFloat(line.quantity)) AS quantity, sum(toFloat(line.sales_value)) AS value,
     sum(toFloat(line.retail_discount) + toFloat(line.coupon_discount) + toFloat(line.coupon_match_discount)) AS discount
WITH id, customerId, at, storeId, sum(value) AS value,
     collect({productId: productId, quantity: quantity, value: value, discount: discount}) AS lines
WITH {id: id, customerId: customerId, placedAt: datetime(at), storeId: storeId, value: value, lines: lines,
      counted: any(line IN lines WHERE line.quantity > 0 AND line.value > 0)} AS row`,
      'load/orders',
      'rows',
      500,
    ),
  },
  {
    name: 'campaigns',
    text: wrapped(
      `${csv('campaign_descriptions')}
WITH {id: line.campaign_id, type: line.campaign_type, startsAt: datetime(line.start_date), endsAt: datetime(line.end_date)} AS row`,
      'load/campaigns',
      'rows',
      5_000,
    ),
  },
  {
    name: 'coupons',
    text: wrapped(
      `${csv('coupons')} WITH {id: line.coupon_upc, productId: line.product_id, campaignId: line.campaign_id} AS row`,
      'load/coupons',
      'rows',
      5_000,
    ),
  },
  {
    name: 'sent',
    text: interaction(
      'campaigns',
      `{id: 'sent:' + line.campaign_id + ':' + line.household_id, customerId: line.household_id, campaignId: line.campaign_id,
        type: 'SENT', couponId: null, at: null}`,
    ),
  },
  {
    name: 'redeemed',
    text: interaction(
      'coupon_redemptions',
      `{id: 'redeemed:' + line.campaign_id + ':' + line.household_id + ':' + line.coupon_upc + ':' + line.redemption_date,
        customerId: line.household_id, campaignId: line.campaign_id, type: 'REDEEMED', couponId: line.coupon_upc,
        at: datetime(line.redemption_date)}`,
    ),
  },
  { name: 'bought', text: wrapped('MATCH (c:Customer) WITH c.id AS row', 'load/first-bought', 'customerIds', 50) },
  { name: 'prices', text: wrapped('MATCH (p:Product) WITH p.id AS row', 'load/prices', 'productIds', 2_000) },
]

function unknown(column: string, ids: string, none: string): string {
  const source = `${csv('order_lines')} WITH DISTINCT line.${column} AS row`
  return wrapped(source, 'load/unknown', ids, 5_000).replaceAll(`$${none}`, '[]')
}
