import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { ORDER_COLUMNS } from '../../src/ingest/orders.ts'
import { cypher, type TestGraph } from '../support/graph.ts'
import { opened } from '../support/pii.ts'

export const HEADERS = {
  order_lines: ORDER_COLUMNS.join(','),
  products: 'product_id,manufacturer_id,department,brand,product_category,product_type,package_size',
  demographics: 'household_id,age,income,home_ownership,marital_status,household_size,household_comp,kids_count',
  campaign_descriptions: 'campaign_id,campaign_type,start_date,end_date',
  campaigns: 'campaign_id,household_id',
  coupons: 'coupon_upc,product_id,campaign_id',
  coupon_redemptions: 'household_id,coupon_upc,campaign_id,redemption_date',
  promotions_weekly: 'week,product_id,stores,display,mailer',
} as const
export type FileName = keyof typeof HEADERS
export type Files = Partial<Record<FileName, string[]>>

/** A folder with these rows, each file under its header, plain or gzip in turn; `remove` it afterwards. */
export function writeFiles(files: Files): { dataDir: string; remove(): void } {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'alongside-csv-'))
  Object.entries(files).forEach(([name, rows], at) => {
    const text = [HEADERS[name as FileName], ...rows].join('\n').concat('\n')
    if (at % 2) writeFileSync(path.join(dataDir, `${name}.csv.gz`), gzipSync(text))
    else writeFileSync(path.join(dataDir, `${name}.csv`), text)
  })
  return { dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) }
}

/** A small shop with something of everything. */
export const SHOP = {
  order_lines: [
    // Two orders of one instant, interleaved; A holds milk on two lines.
    'A,1,2017-01-05T10:00:00Z,milk,1,2.00,0.50,0,0,s1',
    'B,2,2017-01-05T10:00:00Z,bread,2,4.00,0,0,0,s1',
    'A,1,2017-01-05T10:00:00Z,milk,2,3.00,0.25,0.10,0.05,s1',
    'A,1,2017-01-05T10:00:00Z,fuel,5000,20.00,0,0,0,s1',
    // A deposit and a coupon: in the order, no purchase.
    'C,1,2017-02-01T09:30:00Z,bread,0,1.00,0,0,0,s2',
    'C,1,2017-02-01T09:30:00Z,milk,1,0,0,1.00,0,s2',
    // Nothing of D counts.
    'D,3,2017-02-10T12:00:00Z,bread,0,0,0,0,0,s2',
    'E,2,2017-03-01T00:00:00Z,milk,1,1.00,0,0,0,s2',
    'E,2,2017-03-01T00:00:00Z,ghost,1,7.00,0,0,0,s2',
    'F,1,2017-04-01T08:00:00Z,milk,1,4.00,0,0,0,s1',
  ],
  products: [
    'milk,m1,GROCERY,National,FLUID MILK,MILK WHOLE,1 L',
    'bread,m2,GROCERY,Private,BAKED BREAD,WHITE BREAD,"1, large"',
    'fuel,m3,FUEL,National,FUEL,FUEL,',
    'voucher,m4,GROCERY,National,COUPON/MISC ITEMS,VOUCHER,',
    'nameless,m5,,,,,',
    'partial,m6,DELI,Private,,SALAD,',
  ],
  demographics: ['1,45-54,50-74K,Homeowner,Married,3,2 Adults Kids,1', '2,25-34,,,,1,1 Adult No Kids,0'],
  campaign_descriptions: ['10,Type A,2017-01-01,2017-02-15', '11,Type B,2017-03-10,2017-04-15'],
  campaigns: ['10,1', '10,2', '11,1', '11,4'],
  coupons: ['up1,milk,10', 'up1,bread,10', 'up2,milk,11', 'up2,absent,11'],
  coupon_redemptions: ['1,up1,10,2017-02-01', '1,up2,11,2017-04-01'],
  promotions_weekly: ['1,milk,5,3,2', '2,milk,1,0,1', '1,absent,4,4,4'],
} as const satisfies Record<FileName, readonly string[]>

export const shop = (changed: Files = {}): Files => ({
  ...(Object.fromEntries(Object.entries(SHOP).map(([name, rows]) => [name, [...rows]])) as Files),
  ...changed,
})

/**
 * All nodes and relationships with all their properties, in one order: equal dumps are equal graphs. Floats to six decimals, contact
 * details opened.
 */
export async function dump({ driver }: TestGraph): Promise<string[]> {
  const nodes = await cypher<{ labels: string[]; id: string; properties: object }>(
    driver,
    `MATCH (n) WHERE NOT n:Migration AND NOT n:Load RETURN labels(n) AS labels, toString(n.id) AS id, properties(n) AS properties`,
  )
  const relationships = await cypher<{ type: string; from: string; to: string; properties: object }>(
    driver,
    `MATCH (a)-[r]->(b) RETURN type(r) AS type, labels(a)[0] + ' ' + toString(a.id) AS from,
            labels(b)[0] + ' ' + toString(b.id) AS to, properties(r) AS properties`,
  )
  const text = (properties: object) =>
    JSON.stringify(
      Object.entries(opened(properties))
        .map(([name, value]) => [name, typeof value === 'number' ? Math.round(value * 1e6) / 1e6 : value])
        .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    )
  return [
    ...nodes.map(({ labels, id, properties }) => `${labels} ${id} ${text(properties)}`),
    ...relationships.map(({ type, from, to, properties }) => `${from} ${type} ${to} ${text(properties)}`),
  ].sort()
}
