import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { Context } from '../../context.ts'
import { Decision, Handover } from './decision.type.ts'

@Resolver(() => Decision)
export class HandoverResolver {
  @Query(() => [Decision], {
    description:
      'Decisions to treat that are to be handed over now: of a campaign that is RUNNING, within its time, with consent, suppression, caps and quiet hours checked again. What is said in them is in the customer’s language. The same come again until they are acknowledged: go by their ids. `first` is 1 to 10,000.',
  })
  pendingDecisions(
    @Ctx() { services, signal }: Context,
    @Arg('campaignId', () => ID) campaignId: string,
    @Arg('first', () => Int, { defaultValue: 100 }) first: number,
  ): Promise<Decision[]> {
    return services.handover.pending(campaignId, first, signal)
  }

  @Mutation(() => Int, {
    description:
      'Up to 10,000 decisions have been taken over: each is recorded as SENT, once. Answers how many were not acknowledged before; all or nothing.',
  })
  acknowledgeDecisions(@Ctx() { services }: Context, @Arg('ids', () => [ID]) ids: string[]): Promise<number> {
    return services.handover.acknowledge(ids)
  }

  @FieldResolver(() => Handover, { nullable: true, description: 'Null but for TREATMENT.' })
  handover(@Root() decision: Decision, @Ctx() { services, signal }: Context): Promise<Handover | null> {
    return services.handover.of(decision, signal)
  }
}
