import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import type { Context } from '../../context.ts'
import { IngestResult, InteractionInput } from './campaign.type.ts'

@Resolver()
export class CampaignResolver {
  @Mutation(() => IngestResult, {
    description: 'Records up to 1,000 interactions; sending one again changes nothing. Unknown customers are created.',
  })
  recordInteractions(
    @Ctx() { services }: Context,
    @Arg('interactions', () => [InteractionInput]) interactions: InteractionInput[],
  ): Promise<IngestResult> {
    return services.campaign.recordInteractions(interactions.map((one) => ({ ...one, at: new Date(String(one.at)) })))
  }
}
