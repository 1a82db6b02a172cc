import { describe, expect, it } from 'vitest'
import { toPurchases } from '../../src/engine/purchases.ts'

describe('Purchases', () => {
  it('orders customers, their orders by time and then id, and the distinct items of each', () => {
    const purchases = toPurchases([
      { customerId: 'b', placedAt: 5, id: '1', items: ['10'] },
      { customerId: 'a', placedAt: 9, id: '4', items: ['9', '10', '9'] },
      { customerId: 'a', placedAt: 9, id: '3', items: ['9'] },
      { customerId: 'a', placedAt: 1, id: '7', items: ['c', '10'] },
    ])
    expect(purchases).toEqual({
      customers: ['a', 'b'],
      items: ['10', '9', 'c'],
      orderStart: Int32Array.of(0, 3, 4),
      placedAt: Float64Array.of(1, 9, 9, 5),
      lineStart: Int32Array.of(0, 2, 3, 5, 6),
      line: Int32Array.of(0, 2, 1, 0, 1, 0),
    })
  })

  it('does not depend on the order it is given', () => {
    const orders = [3, 1, 2].map((n) => ({ customerId: `c${n % 2}`, placedAt: 7, id: String(n), items: [`i${n}`] }))
    expect(toPurchases(orders)).toEqual(toPurchases(orders.toReversed()))
  })

  it('is empty when nothing was bought', () => {
    expect(toPurchases([])).toMatchObject({ customers: [], items: [], orderStart: Int32Array.of(0) })
  })
})
