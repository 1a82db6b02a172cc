import type { TestApp } from './app.ts'
import { day, describeProducts, order, record, train } from './shop.ts'

/** Six households buy milk with bread; Anna buys milk, and never bread. */
export async function openCornerShop(app: TestApp): Promise<void> {
  await record(app, [
    ...[2, 3, 4, 5, 6, 7].map((n) => order(`o${n}`, `household-${n}`, day(n), ['milk', 'bread'])),
    order('a1', 'anna', day(8), ['milk', 'eggs']),
    order('a2', 'anna', day(15), ['milk', 'eggs']),
    order('a3', 'anna', day(16), ['coffee']),
    order('o8', 'household-8', day(9), ['coffee']),
  ])
  await describeProducts(app, [
    { id: 'milk', name: 'Whole milk', brand: 'Private' },
    { id: 'bread', name: 'White bread', brand: 'National' },
    { id: 'eggs', name: 'Eggs' },
    { id: 'coffee', name: 'Coffee' },
  ])
  await train(app)
}
