import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import type { Context } from '../../context.ts'
import { IngestResult, OrderInput } from './order.type.ts'

@Resolver()
export class OrderResolver {
  @Mutation(() => IngestResult, { description: 'Records up to 1,000 orders; sending one again changes nothing.' })
  recordOrders(
    @Ctx() { services }: Context,
    @Arg('orders', () => [OrderInput]) orders: OrderInput[],
  ): Promise<IngestResult> {
    return services.order.record(orders.map((order) => ({ ...order, placedAt: new Date(String(order.placedAt)) })))
  }
}
