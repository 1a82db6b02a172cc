import { mkdtempSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { type MerchandiseLines, readMerchandise } from '../../src/evaluation/lines.ts'
import { type Level, type Split, splitAt } from '../../src/evaluation/split.ts'

/**
 * A shop small enough to evaluate by hand. Before the cut customers 1 to 6 have three orders and 7 has two. The catalogue is
 * milk (1), bread (2), eggs (3) and butter (10); saffron (4) has four customers only, the other milk (7) none.
 */
export const CUT = new Date('2020-03-01')
export const END = new Date('2020-04-01')

const PRODUCTS = `product_id,department,product_category,product_type
1,GROCERY,DAIRY,MILK
2,GROCERY,BAKERY,
3,GROCERY,,
4,GROCERY,SPICES,SAFFRON
5,FUEL,FUEL,GASOLINE
6,GROCERY,COUPON,COUPON
7,GROCERY,DAIRY,MILK
8,,DAIRY,MILK
10,GROCERY,DAIRY,BUTTER
`

/** Order, customer, time, product, quantity, sales value. */
type Line = [order: number, customer: number, at: string, product: number, quantity?: number, value?: number]

const order = (id: number, customer: number, at: string, ...products: number[]): Line[] =>
  products.map((product) => [id, customer, at, product])

const training = [1, 2, 3, 4, 5, 6].flatMap((customer) => [
  ...order(100 + customer, customer, '2020-01-10', 1, 2),
  ...order(200 + customer, customer, '2020-02-10', ...(customer === 1 ? [1] : [1, 3, 10])),
  ...order(300 + customer, customer, '2020-02-20', ...(customer === 1 || customer === 6 ? [1] : [1, 4])),
])

const LINES: Line[] = [
  ...training,
  ...order(107, 7, '2020-01-10', 1, 2),
  ...order(207, 7, '2020-02-29T23:59:59Z', 1),
  ...order(503, 2, '2020-03-01T00:00:00Z', 3, 10, 2),
  // Customer 1: two orders at one time, the lines of 501 around those of 502.
  ...order(501, 1, '2020-03-02T10:00:00Z', 10, 1),
  ...order(502, 1, '2020-03-02T10:00:00Z', 3, 4),
  ...order(501, 1, '2020-03-02T10:00:00Z', 2, 2, 7),
  ...order(504, 7, '2020-03-05', 1, 2, 3),
  ...[505, 506, 507].flatMap((id) => order(id, 1, '2020-03-10', 1, 2, 3)),
  ...order(508, 3, '2020-04-01T00:00:00Z', 1, 2, 3),
  // Nothing of this is merchandise: fuel, a coupon, no department, no such product, nothing sold, nothing paid.
  ...order(599, 6, '2020-03-11', 5, 6, 8, 99),
  [599, 6, '2020-03-11', 1, 0, 1],
  [599, 6, '2020-03-11', 1, 1, 0],
]

const ORDER_LINES = [
  'order_id,customer_id,ordered_at,product_id,quantity,sales_value,store_id',
  ...LINES.map(([id, customer, at, product, quantity = 1, value = 1.5]) =>
    [id, customer, at, product, quantity, value, 330].join(','),
  ),
].join('\n')

/** A new folder of the shop's two files, plain or compressed; `more` are further lines of order_lines. */
export function shopFolder({ gzip = false, more = '' } = {}): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'alongside-evaluation-'))
  const write = (name: string, text: string) =>
    gzip
      ? writeFileSync(path.join(folder, `${name}.csv.gz`), gzipSync(text))
      : writeFileSync(path.join(folder, `${name}.csv`), text)
  write('products', PRODUCTS)
  write('order_lines', `${ORDER_LINES}\n${more}`)
  return folder
}

export const shopLines = (): Promise<MerchandiseLines> => readMerchandise(shopFolder())

export const shopSplit = async (level: Level): Promise<Split> =>
  splitAt(await shopLines(), { level, cut: CUT, end: END })
