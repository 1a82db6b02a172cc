import {
  type BatchResult,
  compareText,
  type Entry,
  type Rejection,
  rejection,
  sortedIds,
  takeBatch,
} from '../../batch.ts'
import { badInput, DomainError } from '../../errors.ts'
import type { Graph, Params, Transaction } from '../../graph/query.ts'
import { checkDate, checkId, checkRange, checkText } from '../../input.ts'
import type { OrderLineInput } from './order.type.ts'

export type Order = {
  id: string
  revision: number
  customerId: string
  placedAt: Date
  storeId?: string | null
  channel?: string | null
  lines: OrderLineInput[]
}
type Line = Params<'order/write'>['orders'][number]['lines'][number]

const MAX_LINES = 1_000
const MAX_CHANNEL = 100

export type OrderService = ReturnType<typeof createOrderService>

export function createOrderService({ graph, afterCommit }: { graph: Graph; afterCommit: () => void }) {
  return {
    /** Each order on its own: a bad one is rejected, the others are recorded in one transaction. */
    async record(orders: Order[]): Promise<BatchResult> {
      const result = await takeBatch('orders', orders, {
        check: checked,
        compare: (a, b) =>
          compareText(a.customerId, b.customerId) || compareText(a.id, b.id) || a.revision - b.revision,
        write: (entries) => graph.transaction((tx) => write(tx, entries)),
      })
      if (result.accepted > 0) afterCommit()
      return result
    },
  }
}

async function write(tx: Transaction, entries: Entry<Order>[]) {
  const locked = await tx.query('order/lock', {
    orders: entries.map(({ item: { id, customerId } }) => ({ id, customerId })),
  })
  const known = new Map(locked.map((row) => [row.id, row]))
  const rejected: Rejection[] = []
  const newest = new Map<string, Order>()
  let accepted = 0
  for (const { index, item: order } of entries) {
    const recorded = known.get(order.id)!
    const owner = newest.get(order.id)?.customerId ?? recorded.customerId
    if (owner !== null && owner !== order.customerId) {
      const message = `Order ${JSON.stringify(order.id)} belongs to another customer.`
      rejected.push(rejection(index, order.id, new DomainError('CONFLICT', message)))
    } else if (order.revision > (newest.get(order.id)?.revision ?? recorded.revision)) {
      newest.set(order.id, order)
      accepted++
    }
  }

  const rows = [...newest.values()].map((order, position) => ({ ...toRow(order), position }))
  if (rows.length > 0) {
    const bought = new Map<string, Set<string>>()
    for (const { id, customerId, lines } of rows) {
      const products = bought.get(customerId) ?? new Set()
      bought.set(customerId, products)
      for (const { productId } of lines) products.add(productId)
      for (const productId of known.get(id)!.productIds) products.add(productId)
    }
    const productIds = sortedIds([...bought.values()].flatMap((products) => [...products]))
    await tx.query('order/write', { orders: rows, productIds })
    const customers = sortedIds(bought.keys()).map((id) => ({ id, productIds: sortedIds(bought.get(id)!) }))
    await tx.query('order/bought', { customers })
    await tx.query('order/summary', { customerIds: customers.map(({ id }) => id) })
  }
  const taken = new Set(rows.map(({ customerId }) => customerId))
  const forgotten = (locked[0]?.newCustomerIds ?? []).filter((id) => !taken.has(id))
  if (forgotten.length > 0) await tx.query('order/forget-customers', { customerIds: forgotten })
  return { accepted, rejected }
}

function toRow(order: Order) {
  const lines = sumLines(order.lines)
  return {
    ...order,
    lines,
    eventId: `order:${order.id}:${order.revision}`,
    outboxId: crypto.randomUUID(),
    payload: { orderId: order.id, customerId: order.customerId },
    value: lines.reduce((sum, line) => sum + line.value, 0),
    counted: lines.some((line) => line.quantity > 0 && line.value > 0),
  }
}

function sumLines(lines: readonly OrderLineInput[]): Line[] {
  const byProduct = new Map<string, Line>()
  for (const { productId, quantity, value, discount, couponDiscount } of lines) {
    const line = byProduct.get(productId) ?? { productId, quantity: 0, value: 0, discount: 0, couponDiscount: 0 }
    byProduct.set(productId, {
      productId,
      quantity: line.quantity + quantity,
      value: line.value + value,
      discount: line.discount + discount,
      couponDiscount: line.couponDiscount + couponDiscount,
    })
  }
  return [...byProduct.values()].sort((a, b) => compareText(a.productId, b.productId))
}

function checked(order: Order): Order {
  checkId('id', order.id)
  checkId('customerId', order.customerId)
  checkRange('revision', order.revision, 1, 2_147_483_647)
  checkDate('placedAt', order.placedAt)
  if (order.storeId != null) checkId('storeId', order.storeId)
  if (order.channel != null) checkText('channel', order.channel, MAX_CHANNEL)
  if (order.lines.length > MAX_LINES)
    throw badInput('lines', `lines has ${order.lines.length} entries; at most ${MAX_LINES} are allowed.`)
  order.lines.forEach((line, at) => {
    checkId(`lines[${at}].productId`, line.productId)
    for (const name of ['quantity', 'value', 'discount', 'couponDiscount'] as const) {
      if (!(line[name] >= 0 && line[name] <= 1e12))
        throw badInput(`lines[${at}].${name}`, `lines[${at}].${name} must be 0 or more, not ${line[name]}.`)
    }
  })
  return order
}
