import { type BasketScores, type ListScores, type Lists, scoreBaskets, scoreLists } from './metrics.ts'
import { casesOf, type Level, type Split, truthOf } from './split.ts'

/** Item ids, best first. */
type Offers = string[] | Promise<string[]>

/** Who is evaluated: trained on a split's training purchases and nothing later. Null: has no answer to that question. */
export type Evaluated = {
  name: string
  /** Items the customer never bought. */
  crossSell: ((customerId: string, first: number) => Offers) | null
  /** Owned items allowed. */
  nextBasket: ((customerId: string, first: number) => Offers) | null
  /** Items that are not in the basket; without `includeOwned` none the customer bought before. */
  completeBasket:
    | ((basket: string[], customerId: string, first: number, options: { includeOwned: boolean }) => Offers)
    | null
}

/** Cross-sell, next basket, basket completion with any item or one that is new to the customer. */
export const TASKS = ['B', 'A', 'C-any', 'C-new'] as const
export type Task = (typeof TASKS)[number]

/** One task of one evaluated. `lists` by customer (A, B) or case (C); `seconds` for making all of them. */
export type Row = { name: string; level: Level; cut: number; end: number; seconds: number; lists: Lists } & (
  | { task: 'A' | 'B'; scores: ListScores }
  | { task: 'C-any' | 'C-new'; scores: BasketScores }
)

export type Options = {
  /** Length of the lists, and the k of every figure. */
  first?: number
  /** Questions asked at a time. */
  inFlight?: number
  onProgress?: (progress: { name: string; task: Task; done: number; total: number }) => void
}

/** Each task of each evaluated that has an answer to it, in the order given. An error of an evaluated ends the evaluation. */
export async function evaluateAll(
  split: Split,
  evaluated: readonly Evaluated[],
  tasks: readonly Task[] = TASKS,
  options: Options = {},
): Promise<Row[]> {
  const rows: Row[] = []
  for (const task of tasks) {
    const score = scorerOf(split, task, options.first ?? 10)
    for (const one of evaluated) {
      const row = await score(one, options)
      if (row) rows.push(row)
    }
  }
  return rows
}

/** The truth or the cases are made once for all evaluated. */
function scorerOf(split: Split, task: Task, first: number) {
  const about = { level: split.level, cut: split.cut, end: split.end }
  if (task === 'A' || task === 'B') {
    const truth = truthOf(split, task)
    const customers = [...truth.keys()]
    return async (one: Evaluated, options: Options): Promise<Row | null> => {
      const offer = task === 'A' ? one.nextBasket : one.crossSell
      if (!offer) return null
      const asked = await askAll(customers, (customerId) => offer(customerId, first), {
        ...options,
        name: one.name,
        task,
      })
      return { name: one.name, ...about, task, ...asked, scores: scoreLists(split, truth, asked.lists, task, first) }
    }
  }
  const cases = new Map(casesOf(split, task === 'C-any' ? 'any' : 'new').map((kase) => [kase.id, kase]))
  return async (one: Evaluated, options: Options): Promise<Row | null> => {
    const complete = one.completeBasket
    if (!complete) return null
    const answer = (id: string): Offers => {
      const { basket, customerId } = cases.get(id)!
      return complete([...basket], customerId, first, { includeOwned: task === 'C-any' })
    }
    const asked = await askAll([...cases.keys()], answer, { ...options, name: one.name, task })
    return { name: one.name, ...about, task, ...asked, scores: scoreBaskets([...cases.values()], asked.lists, first) }
  }
}

async function askAll(
  ids: readonly string[],
  answer: (id: string) => Offers,
  { name, task, inFlight = 1, onProgress }: Options & { name: string; task: Task },
): Promise<{ lists: Map<string, string[]>; seconds: number }> {
  const started = performance.now()
  const lists = new Map<string, string[]>()
  let next = 0
  const askInTurn = async () => {
    while (next < ids.length) {
      const id = ids[next++]!
      lists.set(id, await answer(id))
      onProgress?.({ name, task, done: lists.size, total: ids.length })
    }
  }
  await Promise.all(Array.from({ length: inFlight }, askInTurn))
  return { lists, seconds: (performance.now() - started) / 1000 }
}
