import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import type { Context } from '../../context.ts'
import { CampaignPerformance, Model, ModelUplift } from './performance.type.ts'

@Resolver(() => ModelUplift)
export class PerformanceResolver {
  @Query(() => CampaignPerformance, {
    description:
      'What a campaign did as of now: how far customers got, what they bought for it, and its uplift against the holdout.',
  })
  campaignPerformance(
    @Ctx() { services, signal }: Context,
    @Arg('campaignId', () => ID) campaignId: string,
  ): Promise<CampaignPerformance> {
    return services.performance.performance(campaignId, signal)
  }

  @FieldResolver(() => Model)
  model(@Root() { modelId }: ModelUplift, @Ctx() { services, signal }: Context): Promise<Model> {
    return services.model.get(modelId, signal)
  }
}
