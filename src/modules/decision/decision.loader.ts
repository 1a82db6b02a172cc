import type { Context } from '../../context.ts'
import type { Model } from '../model/model.type.ts'

/** One a request: ten thousand decisions are by a model or two. */
const models = new WeakMap<Context, Map<string, Promise<Model>>>()

export function modelOf(id: string, context: Context): Promise<Model> {
  const known = models.get(context) ?? new Map<string, Promise<Model>>()
  models.set(context, known)
  const model = known.get(id) ?? context.services.model.get(id, context.signal)
  known.set(id, model)
  return model
}
