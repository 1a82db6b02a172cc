import DataLoader from 'dataloader'
import type { Context } from '../../context.ts'

/** One a request: the conditions of all segments at one level are read in one statement. */
const loaders = new WeakMap<Context, DataLoader<string, unknown>>()

function loaderOf(context: Context): DataLoader<string, unknown> {
  const { services, signal } = context
  const load = (ids: readonly string[]) => services.segment.conditions(ids, signal)
  const loader = loaders.get(context) ?? new DataLoader(load, { cache: false })
  loaders.set(context, loader)
  return loader
}

/** The field of schema/segment.graphql that the graph holds as text. */
export const segmentResolvers = {
  condition: ({ id }: { id: string }, _args: unknown, context: Context) => loaderOf(context).load(id),
}
