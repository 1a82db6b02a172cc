import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import type { Context } from '../../context.ts'
import { IngestResult, ProductInput } from './catalog.type.ts'

@Resolver()
export class CatalogResolver {
  @Mutation(() => IngestResult, {
    description: 'Describes up to 1,000 products; one that changes nothing counts as a duplicate.',
  })
  upsertProducts(
    @Ctx() { services }: Context,
    @Arg('products', () => [ProductInput]) products: ProductInput[],
  ): Promise<IngestResult> {
    return services.catalog.upsert(products)
  }
}
