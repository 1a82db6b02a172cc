import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import type { Context } from '../../context.ts'
import { CustomerInput, IngestResult, ViewInput } from './customer.type.ts'

@Resolver()
export class CustomerResolver {
  @Mutation(() => IngestResult, {
    description:
      'Records up to 1,000 views; sending one again changes nothing. Unknown customers and products are created.',
  })
  recordViews(
    @Ctx() { services }: Context,
    @Arg('views', () => [ViewInput]) views: ViewInput[],
  ): Promise<IngestResult> {
    return services.customer.recordViews(views.map((view) => ({ ...view, at: new Date(String(view.at)) })))
  }

  @Mutation(() => IngestResult, {
    description: 'Describes up to 1,000 customers; one that changes nothing counts as a duplicate.',
  })
  upsertCustomers(
    @Ctx() { services, viewer }: Context,
    @Arg('customers', () => [CustomerInput]) customers: CustomerInput[],
  ): Promise<IngestResult> {
    return services.customer.upsert(customers, viewer?.customer ?? null)
  }
}
