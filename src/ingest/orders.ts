import type { Params } from '../graph/query.ts'
import { type CsvRow, cell } from './csv.ts'
import { IdSet } from './ids.ts'

export const ORDER_COLUMNS = [
  'order_id',
  'customer_id',
  'ordered_at',
  'product_id',
  'quantity',
  'sales_value',
  'retail_discount',
  'coupon_discount',
  'coupon_match_discount',
  'store_id',
] as const

export type OrderRow = Params<'load/orders'>['rows'][number]
/** `first`: a batch may end before this line. */
export type OrderLine = {
  orderId: string
  customerId: string
  placedAt: Date
  storeId: string | null
  productId: string
  quantity: number
  value: number
  discount: number
  couponDiscount: number
  first: boolean
}

/**
 * Reads lines in the file's order. Those of an order stand together, or between lines of other orders of the same instant: a batch
 * ends where both the instant and the order change, so that it holds whole orders.
 */
export class OrderLines {
  private readonly over = new IdSet()
  /** Orders whose lines may still come, and their customers. */
  private readonly current = new Map<string, string>()
  private at = Number.NaN
  private orderId: string | undefined

  constructor(private readonly until: Date | undefined) {}

  /** Null for what came later than wanted. @throws why a row can't be used. */
  parse(row: CsvRow): OrderLine | null {
    const line = {
      orderId: cell.id(row, 'order_id'),
      customerId: cell.id(row, 'customer_id'),
      placedAt: cell.date(row, 'ordered_at'),
      storeId: cell.text(row, 'store_id'),
      productId: cell.id(row, 'product_id'),
      quantity: cell.amount(row, 'quantity'),
      value: cell.amount(row, 'sales_value'),
      discount:
        cell.amount(row, 'retail_discount') +
        cell.amount(row, 'coupon_discount') +
        cell.amount(row, 'coupon_match_discount'),
      couponDiscount: cell.amount(row, 'coupon_discount'),
    }
    if (this.until && line.placedAt >= this.until) return null
    return { ...line, first: this.follow(line) }
  }

  private follow({ orderId, customerId, placedAt }: Omit<OrderLine, 'first'>): boolean {
    const at = placedAt.getTime()
    const first = at !== this.at && orderId !== this.orderId
    const customer = this.current.get(orderId)
    if (this.over.has(orderId) || (first && customer !== undefined))
      throw new Error(`order_id ${orderId} stands apart from the other lines of this order`)
    if (customer !== undefined && customer !== customerId)
      throw new Error(`customer_id is ${customerId}, but ${customer} in an earlier line of this order`)
    if (first) {
      for (const id of this.current.keys()) this.over.add(id)
      this.current.clear()
    }
    this.current.set(orderId, customerId)
    this.at = at
    this.orderId = orderId
    return first
  }
}

/** A string that stays small: a part of a text keeps the whole text in memory. */
export const own = (text: string): string => Buffer.from(text).toString()

type Gathered = {
  line: OrderLine
  lines: Map<string, Pick<OrderLine, 'quantity' | 'value' | 'discount' | 'couponDiscount'>>
}

/** Gathers lines into orders, the lines of a product in an order summed. */
export class OrderBatch {
  private readonly orders = new Map<string, Gathered>()
  length = 0

  get customerIds(): string[] {
    return [...this.orders.values()].map(({ line }) => line.customerId)
  }
  get productIds(): string[] {
    return [...this.orders.values()].flatMap(({ lines }) => [...lines.keys()])
  }

  add(line: OrderLine): void {
    let order = this.orders.get(line.orderId)
    if (!order) {
      order = { line, lines: new Map() }
      this.orders.set(line.orderId, order)
    }
    const sum = order.lines.get(line.productId)
    if (sum) {
      sum.quantity += line.quantity
      sum.value += line.value
      sum.discount += line.discount
      sum.couponDiscount += line.couponDiscount
    } else {
      const { quantity, value, discount, couponDiscount } = line
      order.lines.set(line.productId, { quantity, value, discount, couponDiscount })
    }
    this.length++
  }

  /** Sorted by customer, so that batches written side by side take locks in one order. */
  rows(): OrderRow[] {
    return [...this.orders.values()]
      .map(({ line: { orderId, customerId, placedAt, storeId }, lines }) => {
        const sums = [...lines.values()]
        return {
          id: orderId,
          customerId,
          placedAt,
          storeId,
          value: sums.reduce((total, { value }) => total + value, 0),
          counted: sums.some(({ quantity, value }) => quantity > 0 && value > 0),
          lines: [...lines].map(([productId, sum]) => ({ productId, ...sum })),
        }
      })
      .sort((a, b) => (a.customerId < b.customerId ? -1 : a.customerId > b.customerId ? 1 : 0))
  }
}
