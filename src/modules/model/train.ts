import { DomainError } from '../../errors.ts'
import type { Graph } from '../../graph/query.ts'

export type TrainingOptions = {
  /** Learn only from orders placed before this instant. Default: all. */
  until?: Date
  /** Learn only these kinds of evidence. Default: all that count. */
  kinds?: readonly string[]
}
export type TrainingProgress = { doing: string; share: number }

/** What a training learned: how much of what, for `metrics`. */
export type Learned = { orders: number; customers: number; products: number; written: Record<string, number> }
export type Recipe = {
  parameters: { halfLifeDays: number; repeatHalfLifeDays: number }
  /** By question, how much each kind counts. */
  weights: object
  kinds: string[]
}

/** What is learned, how, and how it is undone: the recommendation's business. */
export type Trainer = {
  recipe(kinds: readonly string[] | undefined): Recipe
  learn(
    task: { model: string; until: Date; asOf: Date } & Recipe,
    onProgress: (progress: TrainingProgress) => void,
  ): Promise<Learned>
  forget(model: string): Promise<void>
}

const DAY_MS = 86_400_000
const dayOf = (ms: number) => new Date(Math.floor(ms / DAY_MS) * DAY_MS)

/** Progress is noted in the graph at most so often. */
const NOTE_MS = 1_000

export async function train(
  { graph, trainer }: { graph: Graph; trainer: Trainer },
  { until, kinds }: TrainingOptions,
  onProgress: (progress: TrainingProgress) => void,
): Promise<string> {
  const started = Date.now()
  const latest = (await graph.query('model/data-until', { until: until ?? null }))?.latest
  if (!latest)
    throw new DomainError('CONFLICT', 'There are no orders to learn from. Load some first: npm run load -- --data DIR')
  const last = Date.parse(latest)
  const newest = until ? (await graph.query('model/data-until', { until: null }))?.latest : latest
  // A cut is the day the data speaks of, unless it lies beyond all data: then the day after it.
  const beyond = until && Date.parse(newest!) < until.getTime()
  const asOf = until ? dayOf(beyond ? Math.min(until.getTime(), last + DAY_MS) : until.getTime()) : dayOf(last)

  const id = `m-${new Date(started).toISOString().replace(/\D/g, '').slice(0, 14)}-${crypto.randomUUID().slice(0, 4)}`
  const recipe = trainer.recipe(kinds)
  const { halfLifeDays, repeatHalfLifeDays } = recipe.parameters
  await graph.query('model/create', { id, asOf, dataUntil: dayOf(last), halfLifeDays, repeatHalfLifeDays, ...recipe })
  let noted = 0
  try {
    const task = { model: id, until: until ?? new Date(last + 1), asOf, ...recipe }
    const learned = await trainer.learn(task, (progress) => {
      onProgress(progress)
      if (Date.now() - noted < NOTE_MS) return
      noted = Date.now()
      graph.query('model/progress', { id, progress: progress.share }).catch(() => {})
    })
    const metrics = { ...learned, seconds: (Date.now() - started) / 1000 }
    await graph.query('model/finish', { id, status: 'READY', metrics })
    return id
  } catch (error) {
    await trainer.forget(id).catch(() => {})
    await graph.query('model/finish', { id, status: 'FAILED', metrics: {} }).catch(() => {})
    throw error
  }
}
