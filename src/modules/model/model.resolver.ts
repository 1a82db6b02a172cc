import { Arg, Ctx, FieldResolver, Float, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { Context } from '../../context.ts'
import { Model, ModelInput } from './model.type.ts'

const NEWEST = 100

@Resolver(() => Model)
export class ModelResolver {
  @Query(() => [Model], { description: 'The trained versions of the recommender, newest first; at most 100.' })
  models(@Ctx() { services, signal }: Context): Promise<Model[]> {
    return services.model.list(NEWEST, signal)
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: 'Of how many customers its offers are kept, 0 to 1; null where none are.',
  })
  snapshotProgress(@Root() { id }: Model, @Ctx() { services, signal }: Context): Promise<number | null> {
    return services.snapshot.progress(id, signal)
  }

  @Mutation(() => Model, {
    description:
      'Begins to train a version beside the active one, one at a time; `modelProgress` tells how it goes on.',
  })
  trainModel(
    @Ctx() { services }: Context,
    @Arg('input', () => ModelInput, { nullable: true }) input: ModelInput | undefined,
  ): Promise<Model> {
    return services.model.begin({ ...input, until: input?.until == null ? null : new Date(String(input.until)) })
  }

  @Mutation(() => Model, {
    description:
      'From now on this READY version answers. The one before it is kept for `rollbackModel`, older ones retire.',
  })
  activateModel(@Ctx() { services }: Context, @Arg('id', () => ID) id: string): Promise<Model> {
    return services.model.activate(id)
  }

  @Mutation(() => Model, { description: 'The version that answered before the active one answers again.' })
  rollbackModel(@Ctx() { services }: Context): Promise<Model> {
    return services.model.rollback()
  }
}
