import { DomainError, notFound } from '../../errors.ts'
import type { ModelStatus } from '../../generated/enums.ts'
import type { Graph, Row } from '../../graph/query.ts'
import type { Model } from './model.type.ts'
import type { Parameters, WeightSets } from './parameters.ts'
import { type Trainer, type TrainingOptions, type TrainingProgress, train } from './train.ts'

/** A model as the recommender needs it: what it learned from, and the parameters it scores with. */
export type ModelVersion = Model & { asOf: string; parameters: Parameters; weights: WeightSets; kinds: string[] }
export type ModelService = ReturnType<typeof createModelService>

type Parts = {
  graph: Graph
  trainer: Trainer
  /** Makes a model ready to answer at once. */
  warm?: (model: ModelVersion) => Promise<void>
}
type Found = Row<'model/serving'>['model']

export function createModelService({ graph, trainer, warm = async () => {} }: Parts) {
  /** What a statement found for the model asked for, or for the active one. @throws NOT_FOUND or, where none is active, UNAVAILABLE. */
  function versionOf(id: string | null, found: Found | null | undefined): ModelVersion {
    if (found) return found as ModelVersion
    if (id !== null) throw notFound('Model', id)
    throw new DomainError('UNAVAILABLE', 'No model is active yet. Train one: npm run train -- --activate')
  }

  return {
    versionOf,

    /** The model asked for, or the active one. @throws as versionOf. */
    async serving(id: string | null, signal?: AbortSignal): Promise<ModelVersion> {
      return versionOf(id, (await graph.query('model/serving', { id }, { signal }))?.model)
    },

    async list(first: number, signal?: AbortSignal): Promise<Model[]> {
      const rows = await graph.query('model/list', { first }, { signal })
      return rows.map(({ model }) => ({ ...model, status: model.status as ModelStatus }))
    },

    /** Trains a version beside the active one. A failed training leaves nothing of itself but its FAILED record. */
    train: (
      options: TrainingOptions = {},
      onProgress: (progress: TrainingProgress) => void = () => {},
    ): Promise<string> => train({ graph, trainer }, options, onProgress),

    /** Nobody waits for the new model: it is ready before it answers. @throws NOT_FOUND for one that does not exist or never finished training. */
    async activate(id: string): Promise<void> {
      const found = await graph.query('model/serving', { id })
      if (found && found.model.status !== 'FAILED' && found.model.status !== 'TRAINING')
        await warm(versionOf(id, found.model))
      if (!(await graph.query('model/activate', { id }))) throw notFound('A trained model', id)
    },
  }
}
