import { casesOf, type ListTask, type Split, truthOf } from './split.ts'

type TruthFigures = { customers: number; itemsMean: number; itemsMedian: number }

/** What a split holds. Shares are 0 to 1; lines are merchandise lines; items are distinct items of a customer's truth. */
export type SplitFigures = {
  trainLines: number
  testLines: number
  trainOrders: number
  testOrders: number
  catalogue: number
  customers: number
  /** Of the test lines of evaluated customers. */
  testLinesOutsideCatalogue: number
  /** `newShare`: of the items, never bought before the cut. */
  A: TruthFigures & { newShare: number }
  B: TruthFigures
  casesAny: number
  casesNew: number
}

export function figuresOf(split: Split): SplitFigures {
  let [testLines, lines, outside] = [0, 0, 0]
  for (const { customerId, items } of split.test) {
    testLines += items.length
    if (!split.customers.has(customerId)) continue
    lines += items.length
    for (const item of items) if (!split.catalogue.has(item)) outside++
  }
  let [items, fresh] = [0, 0]
  for (const [customerId, bought] of truthOf(split, 'A')) {
    items += bought.size
    for (const item of bought) if (!split.history(customerId).has(item)) fresh++
  }
  return {
    trainLines: split.trainLines,
    testLines,
    trainOrders: split.training.placedAt.length,
    testOrders: split.test.length,
    catalogue: split.catalogue.size,
    customers: split.customers.size,
    testLinesOutsideCatalogue: outside / lines,
    A: { ...truthFigures(split, 'A'), newShare: fresh / items },
    B: truthFigures(split, 'B'),
    casesAny: casesOf(split, 'any').length,
    casesNew: casesOf(split, 'new').length,
  }
}

function truthFigures(split: Split, task: ListTask): TruthFigures {
  const sizes = Float64Array.from(truthOf(split, task).values(), (items) => items.size).sort()
  const middle = sizes.length / 2
  return {
    customers: sizes.length,
    itemsMean: sizes.reduce((sum, size) => sum + size, 0) / sizes.length,
    itemsMedian: (sizes[Math.ceil(middle) - 1]! + sizes[Math.floor(middle)]!) / 2,
  }
}
