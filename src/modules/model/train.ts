import { DomainError } from '../../errors.ts'
import type { Graph, Transaction } from '../../graph/query.ts'

export type TrainingOptions = {
  /** Learn only from orders placed before this instant. Default: all. */
  until?: Date
  /** Learn only these kinds of evidence. Default: all that count. */
  kinds?: readonly string[]
}
export type TrainingProgress = { doing: string; share: number }

/** What a training learned: how much of what, for `metrics`. */
export type Learned = {
  orders: number
  customers: number
  products: number
  written: Record<string, number>
  /** What tells who responds to a campaign. */
  response?: object
}
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
  /** Aborted, it leaves the rest. */
  forget(model: string, signal: AbortSignal): Promise<void>
}

type Parts = { graph: Graph; trainer: Trainer; afterCommit: () => void; stopping: AbortSignal }
type Task = { id: string; started: number; recipe: Recipe; until: Date; asOf: Date }

const DAY_MS = 86_400_000
const dayOf = (ms: number) => new Date(Math.floor(ms / DAY_MS) * DAY_MS)

/** How often a training says that it goes on; silent for longer than the lease, it is taken for dead. */
const ALIVE_MS = 1_000
export const LEASE_SECONDS = 30

/** A version in training. `done` resolves when it is READY. @throws CONFLICT while another one is trained, or with nothing to learn from. */
export async function startTraining(
  parts: Parts,
  { until, kinds }: TrainingOptions,
  onProgress: (progress: TrainingProgress) => void,
): Promise<{ id: string; done: Promise<void> }> {
  const { graph, trainer, afterCommit } = parts
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
  await graph.transaction(async (tx) => {
    const about = { id, asOf, dataUntil: dayOf(last), halfLifeDays, repeatHalfLifeDays, leaseSeconds: LEASE_SECONDS }
    const other = (await tx.query('model/create', { ...about, ...recipe }))?.training
    if (other) throw new DomainError('CONFLICT', `Model ${other} is being trained: one at a time.`)
    await announce(tx, id)
  })
  afterCommit()
  const task = { id, started, recipe, until: until ?? new Date(last + 1), asOf }
  return { id, done: finish(parts, task, onProgress) }
}

async function finish(parts: Parts, task: Task, onProgress: (progress: TrainingProgress) => void): Promise<void> {
  const { graph, trainer, afterCommit } = parts
  const { id, started, recipe, until, asOf } = task
  let share = 0
  const tell = () =>
    graph
      .transaction(async (tx) => {
        if (await tx.query('model/progress', { id, progress: share })) await announce(tx, id)
      })
      .then(afterCommit, () => {})
  const telling = setInterval(tell, ALIVE_MS)
  try {
    const learned = await trainer.learn({ model: id, until, asOf, ...recipe }, (progress) => {
      share = progress.share
      onProgress(progress)
    })
    clearInterval(telling)
    await end(parts, id, 'READY', { ...learned, seconds: (Date.now() - started) / 1000 })
  } catch (error) {
    clearInterval(telling)
    await end(parts, id, 'FAILED', {}).catch(() => {})
    await forgetLeftovers(parts).catch(() => {})
    throw error
  }
}

const end = async ({ graph, afterCommit }: Parts, id: string, status: 'READY' | 'FAILED', metrics: object) => {
  await graph.transaction(async (tx) => {
    if (!(await tx.query('model/finish', { id, status, metrics })))
      throw new DomainError('CONFLICT', `Model ${id} was silent for ${LEASE_SECONDS} s and given up.`)
    await announce(tx, id)
  })
  afterCommit()
}

/** Told to every instance once the transaction is committed. */
export const announce = (tx: Transaction, modelId: string) =>
  tx.query('events/write', { id: crypto.randomUUID(), topic: 'modelChanged', key: modelId, payload: { modelId } })

/** Deletes what retired, failed and abandoned models learned. Whatever breaks it off, the next time goes on. */
export async function forgetLeftovers(parts: Parts): Promise<void> {
  const { graph, trainer, stopping } = parts
  for (const { id, status } of await graph.query('model/leftovers', { leaseSeconds: LEASE_SECONDS })) {
    if (status === 'TRAINING') await end(parts, id, 'FAILED', {})
    await trainer.forget(id, stopping)
    if (stopping.aborted) return
    await graph.query('model/forgotten', { id })
  }
}
