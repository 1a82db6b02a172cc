import { Ctx, Query, Resolver } from 'type-graphql'
import type { Context } from '../../context.ts'
import { Model } from './model.type.ts'

const NEWEST = 100

@Resolver()
export class ModelResolver {
  @Query(() => [Model], { description: 'The trained versions of the recommender, newest first; at most 100.' })
  models(@Ctx() { services, signal }: Context): Promise<Model[]> {
    return services.model.list(NEWEST, signal)
  }
}
