import { type CsvRow, cell, findCsv, readCsv } from '../ingest/csv.ts'
import { isMerchandise } from '../modules/catalog/merchandise.ts'

/** The order lines that count as merchandise, as arrays: orders and lines in the order of the file. */
export type MerchandiseLines = {
  products: string[]
  types: string[]
  /** [products] Index into types. */
  typeOf: Int32Array
  orders: string[]
  /** [orders] Customer ids. */
  customerOf: string[]
  /** [orders] Epoch milliseconds. */
  placedAt: Float64Array
  /** [orders + 1] Lines of order o: lineStart[o] .. lineStart[o + 1]. */
  lineStart: Int32Array
  /** [lines] Index into products; a product may be on two lines of one order. */
  line: Int32Array
}

const PRODUCTS = ['product_id', 'department', 'product_category', 'product_type']
const LINES = ['order_id', 'customer_id', 'ordered_at', 'product_id', 'quantity', 'sales_value']

/**
 * Reads `products` and `order_lines` (.csv or .csv.gz) of a folder once, in a stream. An order has one customer and one time:
 * those of its first line. `onShare` hears the part of the order lines read so far, 0 to 1.
 * @throws when a file is missing, lacks a column, or has a line that is no record.
 */
export async function readMerchandise(folder: string, onShare?: (share: number) => void): Promise<MerchandiseLines> {
  const products = new Numbers()
  const types = new Numbers()
  const typeOf: number[] = []
  for await (const { rows } of rowsOf(folder, 'products', PRODUCTS)) {
    for (const row of rows) {
      const category = cell.text(row, 'product_category')
      if (!isMerchandise(cell.text(row, 'department'), category)) continue
      const type = types.of(`${category ?? '?'} | ${cell.text(row, 'product_type') ?? '?'}`)
      typeOf[products.of(cell.id(row, 'product_id'))] = type
    }
  }
  const orders = new Numbers()
  const customerOf: string[] = []
  const placedAt: number[] = []
  const [lineOrder, lineProduct] = [new Ints(), new Ints()]
  for await (const { rows, share } of rowsOf(folder, 'order_lines', LINES)) {
    for (const row of rows) {
      const product = products.find(cell.id(row, 'product_id'))
      if (product === undefined || !(Number(row.quantity) > 0 && Number(row.sales_value) > 0)) continue
      const order = orders.of(cell.id(row, 'order_id'))
      if (order === customerOf.length) {
        customerOf.push(cell.id(row, 'customer_id'))
        placedAt.push(cell.date(row, 'ordered_at').getTime())
      }
      lineOrder.push(order)
      lineProduct.push(product)
    }
    onShare?.(share)
  }
  return {
    products: products.ids(),
    types: types.ids(),
    typeOf: Int32Array.from(typeOf),
    orders: orders.ids(),
    customerOf,
    placedAt: Float64Array.from(placedAt),
    ...byOrder(orders.size, lineOrder.values(), lineProduct.values()),
  }
}

async function* rowsOf(folder: string, name: string, columns: readonly string[]) {
  const file = findCsv(folder, name)
  if (!file) throw new Error(`${folder} holds neither ${name}.csv nor ${name}.csv.gz`)
  for await (const { entries, share } of readCsv(file, columns)) {
    const rows: CsvRow[] = []
    for (const entry of entries) {
      // A figure over part of a file compares with nothing.
      if ('reason' in entry) throw new Error(`${file.path}, line ${entry.line}: ${entry.reason}`)
      rows.push(entry.row)
    }
    yield { rows, share }
  }
}

/** Lines of one order need not follow each other in the file: a stable counting sort puts them together. */
function byOrder(orders: number, lineOrder: Int32Array, lineProduct: Int32Array) {
  const lineStart = new Int32Array(orders + 1)
  for (const order of lineOrder) lineStart[order + 1]!++
  for (let order = 0; order < orders; order++) lineStart[order + 1]! += lineStart[order]!
  const next = lineStart.slice()
  const line = new Int32Array(lineOrder.length)
  for (let at = 0; at < line.length; at++) line[next[lineOrder[at]!]!++] = lineProduct[at]!
  return { lineStart, line }
}

/** Ids numbered as they come. */
class Numbers {
  private readonly map = new Map<string, number>()

  get size(): number {
    return this.map.size
  }

  find(id: string): number | undefined {
    return this.map.get(id)
  }

  of(id: string): number {
    const known = this.map.get(id)
    if (known !== undefined) return known
    this.map.set(id, this.map.size)
    return this.map.size - 1
  }

  ids(): string[] {
    return [...this.map.keys()]
  }
}

/** Whole numbers, four bytes each. */
class Ints {
  private array = new Int32Array(1 << 16)
  private length = 0

  push(value: number): void {
    if (this.length === this.array.length) {
      const longer = new Int32Array(this.length * 2)
      longer.set(this.array)
      this.array = longer
    }
    this.array[this.length++] = value
  }

  values(): Int32Array {
    return this.array.slice(0, this.length)
  }
}
