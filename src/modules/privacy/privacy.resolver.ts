import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql'
import type { Context } from '../../context.ts'
import { CustomerExport } from './privacy.type.ts'

@Resolver()
export class PrivacyResolver {
  @Query(() => CustomerExport, {
    description:
      'All that is held of a customer, in one answer: each piece as `data`, with its `source`. Of other customers there is nothing in it.',
  })
  customerExport(
    @Ctx() { services, signal }: Context,
    @Arg('customerId', () => ID) customerId: string,
  ): Promise<object> {
    return services.privacy.export(customerId, signal)
  }
}
