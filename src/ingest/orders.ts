import type { Params } from '../graph/query.ts'
import { type CsvRow, cell } from './csv.ts'

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

export type OrderLine = {
  orderId: string
  customerId: string
  placedAt: Date
  storeId: string | null
  productId: string
  quantity: number
  value: number
  discount: number
}
export type OrderRow = Params<'load/orders'>['rows'][number]

export function toOrderLine(row: CsvRow): OrderLine {
  return {
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
  }
}

/** Gathers lines into orders, the lines of a product in an order summed. */
export class OrderBatch {
  private readonly orders = new Map<
    string,
    Omit<OrderRow, 'lines' | 'value' | 'counted'> & { byProduct: Map<string, OrderRow['lines'][number]> }
  >()
  lines = 0

  add({ orderId, customerId, placedAt, storeId, productId, quantity, value, discount }: OrderLine): void {
    let order = this.orders.get(orderId)
    if (!order) {
      order = { id: orderId, customerId, placedAt, storeId, byProduct: new Map() }
      this.orders.set(orderId, order)
    }
    const line = order.byProduct.get(productId)
    if (line) {
      line.quantity += quantity
      line.value += value
      line.discount += discount
    } else order.byProduct.set(productId, { productId, quantity, value, discount })
    this.lines++
  }

  /** Sorted by customer, so that batches written side by side take locks in one order. */
  rows(): OrderRow[] {
    return [...this.orders.values()]
      .map(({ byProduct, ...order }) => {
        const lines = [...byProduct.values()]
        return {
          ...order,
          lines,
          value: lines.reduce((sum, line) => sum + line.value, 0),
          counted: lines.some((line) => line.quantity > 0 && line.value > 0),
        }
      })
      .sort((a, b) => (a.customerId < b.customerId ? -1 : a.customerId > b.customerId ? 1 : 0))
  }
}
