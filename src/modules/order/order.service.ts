import { badInput, DomainError } from '../../errors.ts'
import { ErrorCode } from '../../generated/enums.ts'
import type { Graph, Params, Transaction } from '../../graph/query.ts'
import { checkId, checkRange } from '../../input.ts'
import type { IngestResult, OrderLineInput, Rejection } from './order.type.ts'

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

const MAX_ORDERS = 1_000
const MAX_LINES = 1_000

export type OrderService = ReturnType<typeof createOrderService>

export function createOrderService({ graph, afterCommit }: { graph: Graph; afterCommit: () => void }) {
  return {
    /** Each order on its own: a bad one is rejected, the others are recorded in one transaction. */
    async record(orders: Order[]): Promise<IngestResult> {
      if (orders.length > MAX_ORDERS)
        throw badInput('orders', `orders has ${orders.length} entries; at most ${MAX_ORDERS} are allowed.`)
      const rejected: Rejection[] = []
      const valid: { index: number; order: Order }[] = []
      orders.forEach((order, index) => {
        try {
          checkOrder(order)
          valid.push({ index, order })
        } catch (error) {
          if (!(error instanceof DomainError)) throw error
          rejected.push({ index, id: order.id, code: error.code as ErrorCode, message: error.message })
        }
      })
      // Sorted, so that two writers take the same locks in the same order and never wait for each other in a ring.
      valid.sort(
        (a, b) =>
          compare(a.order.customerId, b.order.customerId) ||
          compare(a.order.id, b.order.id) ||
          a.order.revision - b.order.revision,
      )
      if (valid.length === 0) return { accepted: 0, duplicates: 0, rejected }

      const outcome = await graph.transaction((tx) => write(tx, valid))
      if (outcome.accepted > 0) afterCommit()
      return { ...outcome, rejected: [...rejected, ...outcome.rejected].sort((a, b) => a.index - b.index) }
    },
  }
}

async function write(tx: Transaction, valid: { index: number; order: Order }[]): Promise<IngestResult> {
  const locked = await tx.query('order/lock', {
    orders: valid.map(({ order: { id, customerId } }) => ({ id, customerId })),
  })
  const known = new Map(locked.map((row) => [row.id, row]))
  const rejected: Rejection[] = []
  const newest = new Map<string, Order>()
  let accepted = 0
  for (const { index, order } of valid) {
    const recorded = known.get(order.id)!
    const owner = newest.get(order.id)?.customerId ?? recorded.customerId
    if (owner !== null && owner !== order.customerId) {
      const message = `Order ${JSON.stringify(order.id)} belongs to another customer.`
      rejected.push({ index, id: order.id, code: ErrorCode.CONFLICT, message })
    } else if (order.revision > (newest.get(order.id)?.revision ?? recorded.revision)) {
      newest.set(order.id, order)
      accepted++
    }
  }

  const rows = [...newest.values()].map((order, position) => ({ ...toRow(order), position }))
  if (rows.length > 0) {
    const bought = new Map<string, { customerId: string; productId: string }>()
    for (const row of rows) {
      for (const productId of [...row.lines.map((line) => line.productId), ...known.get(row.id)!.productIds]) {
        bought.set(JSON.stringify([row.customerId, productId]), { customerId: row.customerId, productId })
      }
    }
    const productIds = [...new Set(rows.flatMap((row) => row.lines.map((line) => line.productId)))].sort()
    await tx.query('order/write', { orders: rows, productIds })
    const pairs = [...bought.values()].sort(
      (a, b) => compare(a.customerId, b.customerId) || compare(a.productId, b.productId),
    )
    await tx.query('order/bought', { pairs })
  }
  return { accepted, duplicates: valid.length - accepted - rejected.length, rejected }
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
  for (const { productId, quantity, value, discount } of lines) {
    const line = byProduct.get(productId) ?? { productId, quantity: 0, value: 0, discount: 0 }
    byProduct.set(productId, {
      productId,
      quantity: line.quantity + quantity,
      value: line.value + value,
      discount: line.discount + discount,
    })
  }
  return [...byProduct.values()].sort((a, b) => compare(a.productId, b.productId))
}

function checkOrder(order: Order): void {
  checkId('id', order.id)
  checkId('customerId', order.customerId)
  checkRange('revision', order.revision, 1, 2_147_483_647)
  if (Number.isNaN(order.placedAt.getTime())) throw badInput('placedAt', 'placedAt is not a date.')
  if (order.lines.length > MAX_LINES)
    throw badInput('lines', `lines has ${order.lines.length} entries; at most ${MAX_LINES} are allowed.`)
  order.lines.forEach((line, at) => {
    checkId(`lines[${at}].productId`, line.productId)
    for (const name of ['quantity', 'value', 'discount'] as const) {
      if (!(line[name] >= 0 && line[name] <= 1e12))
        throw badInput(`lines[${at}].${name}`, `lines[${at}].${name} must be 0 or more, not ${line[name]}.`)
    }
  })
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
