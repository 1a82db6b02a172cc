import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { type CsvRow, findCsv, readCsv } from '../src/ingest/csv.ts'
import { isMerchandise } from '../src/modules/catalog/merchandise.ts'
import { SAMPLE } from './load.ts'

/**
 * Makes the sample from the whole data, byte for byte the same each time:
 *   npx tsx seeds/make-sample.ts --data DIR
 * The rule: the 300 households with the lowest sha256 of "alongside-sample:<id>" among those with at least 3 orders of merchandise.
 * With them: all their order lines, the products in those, the campaigns they got, those campaigns' coupons for these products, and
 * their redemptions.
 */
const HOUSEHOLDS = 300
const MIN_ORDERS = 3

const { values } = parseArgs({ options: { data: { type: 'string' } } })
if (!values.data) throw new Error('--data DIR is needed: the whole Complete Journey')
const dataDir = values.data

async function* rows(name: string): AsyncGenerator<CsvRow> {
  for await (const { entries } of readCsv(findCsv(dataDir, name)!, [])) {
    for (const entry of entries) if ('row' in entry) yield entry.row
  }
}
async function pick(name: string, keep: (row: CsvRow) => boolean): Promise<CsvRow[]> {
  const kept: CsvRow[] = []
  for await (const row of rows(name)) if (keep(row)) kept.push(row)
  return kept
}
function write(name: string, kept: CsvRow[]): void {
  const columns = Object.keys(kept[0]!)
  const quote = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const text = [columns, ...kept.map((row) => columns.map((column) => row[column]!))]
    .map((cells) => cells.map(quote).join(','))
    .join('\n')
  const bytes = gzipSync(`${text}\n`, { level: 9 })
  writeFileSync(path.join(SAMPLE, `${name}.csv.gz`), bytes)
  process.stdout.write(`${name}: ${kept.length} rows, ${bytes.length} bytes\n`)
}

const merchandise = new Set<string>()
for await (const row of rows('products')) {
  if (isMerchandise(row.department || null, row.product_category || null)) merchandise.add(row.product_id!)
}
const orders = new Map<string, Set<string>>()
for await (const row of rows('order_lines')) {
  if (!(merchandise.has(row.product_id!) && Number(row.quantity) > 0 && Number(row.sales_value) > 0)) continue
  const known = orders.get(row.customer_id!) ?? new Set()
  orders.set(row.customer_id!, known.add(row.order_id!))
}
const place = (id: string) => createHash('sha256').update(`alongside-sample:${id}`).digest('hex')
const households = new Set(
  [...orders.keys()]
    .filter((id) => orders.get(id)!.size >= MIN_ORDERS)
    .sort((a, b) => (place(a) < place(b) ? -1 : 1))
    .slice(0, HOUSEHOLDS),
)
const inSample = (row: CsvRow) => households.has(row.household_id ?? row.customer_id!)

mkdirSync(SAMPLE, { recursive: true })
const lines = await pick('order_lines', inSample)
const products = new Set(lines.map((row) => row.product_id!))
const sent = await pick('campaigns', inSample)
const campaigns = new Set(sent.map((row) => row.campaign_id!))
write('order_lines', lines)
write('products', await pick('products', (row) => products.has(row.product_id!)))
write('demographics', await pick('demographics', inSample))
write('campaigns', sent)
write('campaign_descriptions', await pick('campaign_descriptions', (row) => campaigns.has(row.campaign_id!)))
write('coupons', await pick('coupons', (row) => campaigns.has(row.campaign_id!) && products.has(row.product_id!)))
write('coupon_redemptions', await pick('coupon_redemptions', (row) => inSample(row) && campaigns.has(row.campaign_id!)))
