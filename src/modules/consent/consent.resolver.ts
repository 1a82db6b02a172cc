import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql'
import type { Context } from '../../context.ts'
import { Channel, Purpose } from '../../generated/enums.ts'
import { Consent } from './consent.type.ts'

@Resolver()
export class ConsentResolver {
  @Mutation(() => Consent, {
    description:
      'MARKETING is not allowed until granted, PROFILING is allowed until objected to. Who objects is offered nothing from then on, and the next model learns nothing from them.',
  })
  setConsent(
    @Ctx() { services }: Context,
    @Arg('customerId', () => ID) customerId: string,
    @Arg('channel', () => Channel) channel: Channel,
    @Arg('purpose', () => Purpose) purpose: Purpose,
    @Arg('granted', () => Boolean) granted: boolean,
    @Arg('source', () => String, { description: 'Where it was said: a form, a call, a letter.' }) source: string,
  ): Promise<Consent> {
    return services.consent.set({ customerId, channel, purpose, granted, source })
  }
}
