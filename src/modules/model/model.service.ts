import { DomainError, notFound } from '../../errors.ts'
import { type EvidenceKind, ModelStatus } from '../../generated/enums.ts'
import type { Graph, Row } from '../../graph/query.ts'
import { checkDate, checkId } from '../../input.ts'
import type { Model } from './model.type.ts'
import type { Parameters, WeightSets } from './parameters.ts'
import {
  announce,
  forgetLeftovers,
  startTraining,
  type Trainer,
  type TrainingOptions,
  type TrainingProgress,
} from './train.ts'

/** A model as the recommender needs it: what it learned from, and the parameters it scores with. */
export type ModelVersion = Model & { asOf: string; parameters: Parameters; weights: WeightSets; kinds: string[] }
export type ModelService = ReturnType<typeof createModelService>

type Parts = {
  graph: Graph
  trainer: Trainer
  /** Reads what a model learned, so that it answers at once. */
  load?: (model: ModelVersion) => Promise<void>
  afterCommit?: () => void
  /** Hears of what went wrong with nobody waiting for it. */
  onError?: (error: unknown) => void
}
type Found = Row<'model/serving'>['model']

/** What can answer, and what is kept of the rest: its record. */
const SERVES: ReadonlySet<string> = new Set([ModelStatus.READY, ModelStatus.ACTIVE])

export function createModelService({
  graph,
  trainer,
  load = async () => {},
  afterCommit = () => {},
  onError = () => {},
}: Parts) {
  const stop = new AbortController()
  const parts = { graph, trainer, afterCommit, stopping: stop.signal }
  let training: Promise<void> = Promise.resolve()
  let forgetting: Promise<void> | null = null

  /** What a statement found for the model asked for, or for the active one. @throws NOT_FOUND, CONFLICT for one that can't answer or, where none is active, UNAVAILABLE. */
  function versionOf(id: string | null, found: Found | null | undefined): ModelVersion {
    if (found && SERVES.has(found.status)) return found as ModelVersion
    if (found) throw cannotServe(found)
    if (id !== null) throw notFound('Model', id)
    throw new DomainError('UNAVAILABLE', 'No model is active yet. Train one: npm run train -- --activate')
  }

  async function get(id: string, signal?: AbortSignal): Promise<Model> {
    const found = await graph.query('model/one', { id }, { signal })
    if (!found) throw notFound('Model', id)
    return toModel(found.model)
  }

  /** @throws as versionOf. */
  const warm = async (id: string) => load(versionOf(id, (await graph.query('model/serving', { id }))?.model))

  /** Nothing waits for it: what is left over now is gone some seconds later. */
  function tidy(): Promise<void> {
    forgetting ??= forgetLeftovers(parts)
      .catch(onError)
      .finally(() => {
        forgetting = null
      })
    return forgetting
  }

  return {
    versionOf,
    get,
    tidy,
    warm,

    /** Which version answers, and which would after a rollback; null when none does. */
    active: () => graph.query('model/active', {}),

    /** The model asked for, or the active one. @throws as versionOf. */
    async serving(id: string | null, signal?: AbortSignal): Promise<ModelVersion> {
      return versionOf(id, (await graph.query('model/serving', { id }, { signal }))?.model)
    },

    async list(first: number, signal?: AbortSignal): Promise<Model[]> {
      const rows = await graph.query('model/list', { first }, { signal })
      return rows.map(({ model }) => toModel(model))
    },

    /** Trains a version beside the active one, to its end. A failed training leaves nothing of itself but its FAILED record. @throws CONFLICT as startTraining. */
    async train(
      options: TrainingOptions = {},
      onProgress: (progress: TrainingProgress) => void = () => {},
    ): Promise<string> {
      await tidy()
      const { id, done } = await startTraining(parts, options, onProgress)
      await done
      return id
    },

    /** Begins a training and answers at once; `modelProgress` tells how it goes on. */
    async begin({ until, kinds }: { until?: Date | null; kinds?: EvidenceKind[] | null }): Promise<Model> {
      if (until) checkDate('input.until', until)
      void tidy()
      const { id, done } = await startTraining(
        parts,
        { ...(until ? { until } : {}), ...(kinds ? { kinds } : {}) },
        () => {},
      )
      training = done.catch(onError)
      return get(id)
    },

    /** Nobody waits for the new model: it is ready before it answers. @throws NOT_FOUND; CONFLICT for one that is not trained to its end, or retired. */
    async activate(id: string): Promise<Model> {
      checkId('id', id)
      await warm(id)
      await graph.transaction(async (tx) => {
        if (!(await tx.query('model/activate', { id })))
          throw new DomainError('CONFLICT', `Model ${id} has just been retired.`)
        await announce(tx, id)
      })
      afterCommit()
      void tidy()
      return get(id)
    },

    /** The version that answered before the active one answers again, from the next question on. @throws CONFLICT when none is kept. */
    async rollback(): Promise<Model> {
      const id = await graph.transaction(async (tx) => {
        const back = await tx.query('model/rollback', {})
        if (!back) throw new DomainError('CONFLICT', 'No version is kept that answered before the active one.')
        await announce(tx, back.id)
        return back.id
      })
      afterCommit()
      return get(id)
    },

    /** Nothing more is begun; resolves when nothing is under way. A training must have been ended before. */
    async stop(): Promise<void> {
      stop.abort()
      await Promise.all([training, forgetting])
    },
  }
}

const toModel = (model: Row<'model/list'>['model']): Model => ({ ...model, status: model.status as ModelStatus })

const cannotServe = ({ id, status }: { id: string; status: string }) =>
  new DomainError(
    'CONFLICT',
    status === ModelStatus.TRAINING
      ? `Model ${id} is still being trained.`
      : `Model ${id} is ${status}: nothing of what it learned is kept.`,
  )
