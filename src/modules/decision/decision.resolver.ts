import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { Context } from '../../context.ts'
import { modelOf } from './decision.loader.ts'
import { AudienceProgress, AudienceResult, Decision, Model, Offer, ReasonCount } from './decision.type.ts'

@Resolver(() => Decision)
export class DecisionResolver {
  @Mutation(() => AudienceResult, {
    description:
      'Decides about every customer of the campaign’s segment, once each, and answers when all are decided: in minutes for 100,000. Broken off, it goes on where it was; built, it decides about who is new in the segment.',
  })
  buildAudience(
    @Ctx() { services }: Context,
    @Arg('campaignId', () => ID) campaignId: string,
  ): Promise<AudienceResult> {
    return services.decision.build(campaignId)
  }

  @Query(() => AudienceProgress, { description: 'How far buildAudience is with a campaign.' })
  audienceProgress(
    @Ctx() { services, signal }: Context,
    @Arg('campaignId', () => ID) campaignId: string,
  ): Promise<AudienceProgress> {
    return services.decision.progress(campaignId, signal)
  }

  @Query(() => Decision, { nullable: true, description: 'What was decided about a customer; null: nothing yet.' })
  decision(
    @Ctx() { services, signal }: Context,
    @Arg('campaignId', () => ID) campaignId: string,
    @Arg('customerId', () => ID) customerId: string,
  ): Promise<Decision | null> {
    return services.decision.of(campaignId, customerId, signal)
  }

  @Query(() => Decision, {
    description: 'Decides again from what was recorded, with the same result, and says what would differ today.',
  })
  replayDecision(@Ctx() { services, signal }: Context, @Arg('id', () => ID) id: string): Promise<Decision> {
    return services.decision.replay(id, signal)
  }

  @FieldResolver(() => [Offer], {
    description: 'What they are offered, or in HOLDOUT would have been, with the reasons recorded then. Best first.',
  })
  offers(@Root() decision: Decision, @Ctx() { services, language }: Context): Offer[] {
    return services.decision.offersOf(decision, language)
  }

  @FieldResolver(() => Model)
  model(@Root() { modelId }: Decision, @Ctx() context: Context): Promise<Model> {
    return modelOf(modelId, context)
  }
}

@Resolver(() => AudienceProgress)
export class AudienceProgressResolver {
  @FieldResolver(() => [ReasonCount], {
    description: 'How many customers each reason holds for; a customer counts with each of theirs.',
  })
  reasons(@Root() { campaignId }: AudienceProgress, @Ctx() { services, signal }: Context): Promise<ReasonCount[]> {
    return services.decision.reasons(campaignId, signal)
  }
}
