import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql'
import type { Context } from '../../context.ts'
import { Channel, Purpose } from '../../generated/enums.ts'
import { Capped, Consent, Suppression } from './consent.type.ts'

const OF = 'Exactly one of `customerId`, `email` and `phone`'

@Resolver()
export class ConsentResolver {
  @Query(() => [Consent], {
    description: 'What a customer said to marketing and profiling, newest first; `first` is 1 to 100.',
  })
  consents(
    @Ctx() { services, signal }: Context,
    @Arg('customerId', () => ID) customerId: string,
    @Arg('first', () => Int, { defaultValue: 100 }) first: number,
  ): Promise<Consent[]> {
    return services.consent.history(customerId, first, signal)
  }

  @Query(() => [Capped], {
    description:
      'Who may not be written to by this channel for having had as many messages as a cap allows: that of the service, or of a campaign that uses the channel and is not completed. Who waits longest comes first; `first` is 1 to 100.',
  })
  capped(
    @Ctx() { services, signal }: Context,
    @Arg('channel', () => Channel) channel: Channel,
    @Arg('first', () => Int, { defaultValue: 50 }) first: number,
  ): Promise<Capped[]> {
    return services.consent.capped(channel, first, signal)
  }

  @Query(() => [Suppression], {
    description:
      'The suppression list, newest first; or what of it stands against a customer, their addresses included, or an address: one of the three at most. `first` is 1 to 100.',
  })
  suppressions(
    @Ctx() { services, signal }: Context,
    @Arg('customerId', () => ID, { nullable: true }) customerId: string | null,
    @Arg('email', () => String, { nullable: true }) email: string | null,
    @Arg('phone', () => String, { nullable: true }) phone: string | null,
    @Arg('first', () => Int, { defaultValue: 50 }) first: number,
  ): Promise<Suppression[]> {
    return services.suppression.list({ customerId, email, phone }, first, signal)
  }

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

  @Mutation(() => Suppression, {
    description: `Nobody writes to this customer, or to whoever has this address, by this channel. ${OF} is given. What is on the list already stays as it is.`,
  })
  suppress(
    @Ctx() { services }: Context,
    @Arg('customerId', () => ID, { nullable: true }) customerId: string | null,
    @Arg('email', () => String, { nullable: true }) email: string | null,
    @Arg('phone', () => String, { nullable: true }) phone: string | null,
    @Arg('channel', () => Channel, { nullable: true, description: 'Left out: all channels.' }) channel: Channel | null,
    @Arg('reason', () => String) reason: string,
  ): Promise<Suppression> {
    return services.suppression.add({ customerId, email, phone, channel, reason })
  }

  @Mutation(() => Boolean, { description: 'Takes an entry off the suppression list. NOT_FOUND when it is not there.' })
  unsuppress(@Ctx() { services }: Context, @Arg('id', () => ID) id: string): Promise<boolean> {
    return services.suppression.remove(id)
  }
}
