import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql'
import type { Context } from '../../context.ts'
import { AffinityKind, Language } from '../../generated/enums.ts'
import { Affinity, Explanation, OfferChange, OfferFilter, OfferList } from './recommendation.type.ts'

/** Of what is said in words. */
const InLanguage = () =>
  Arg('language', () => Language, {
    nullable: true,
    description: 'Default: what Accept-Language prefers, or else English.',
  })

@Resolver()
export class RecommendationResolver {
  @Query(() => OfferList, { description: 'What to offer this customer next, and why.' })
  crossSell(
    @Ctx() { services, signal, language: preferred }: Context,
    @Arg('customerId', () => ID) customerId: string,
    @Arg('first', () => Int, { defaultValue: 10, description: '1 to 100' }) first: number,
    @Arg('where', () => OfferFilter, { nullable: true }) where: OfferFilter | undefined,
    @Arg('model', () => ID, { nullable: true, description: 'Default: the active one.' }) model: string | undefined,
    @Arg('evidence', () => Int, { defaultValue: 3, description: 'How many to show of each offer, 0 to 50.' })
    evidence: number,
    @InLanguage() language: Language | undefined,
  ): Promise<OfferList> {
    return services.recommendation.crossSell(
      { customerId, first, where, model, evidence, language: language ?? preferred },
      signal,
    )
  }

  @Query(() => OfferList, { description: 'What goes with this basket, and why. `includeOwned` defaults to true here.' })
  completeBasket(
    @Ctx() { services, signal, language: preferred }: Context,
    @Arg('productIds', () => [ID], { description: '1 to 100' }) productIds: string[],
    @Arg('customerId', () => ID, { nullable: true }) customerId: string | undefined,
    @Arg('first', () => Int, { defaultValue: 10, description: '1 to 100' }) first: number,
    @Arg('where', () => OfferFilter, { nullable: true }) where: OfferFilter | undefined,
    @Arg('evidence', () => Int, { defaultValue: 3, description: '0 to 50' }) evidence: number,
    @InLanguage() language: Language | undefined,
  ): Promise<OfferList> {
    return services.recommendation.completeBasket(
      { productIds, customerId, first, where, evidence, language: language ?? preferred },
      signal,
    )
  }

  @Query(() => Explanation, { description: 'Why this product, or why not? Works for any pair.' })
  explain(
    @Ctx() { services, signal, language: preferred }: Context,
    @Arg('customerId', () => ID) customerId: string,
    @Arg('productId', () => ID) productId: string,
    @Arg('where', () => OfferFilter, { nullable: true }) where: OfferFilter | undefined,
    @Arg('model', () => ID, { nullable: true }) model: string | undefined,
    @Arg('evidence', () => Int, { defaultValue: 3, description: '0 to 50' }) evidence: number,
    @InLanguage() language: Language | undefined,
  ): Promise<Explanation> {
    return services.recommendation.explain(
      { customerId, productId, where, model, evidence, language: language ?? preferred },
      signal,
    )
  }

  @Query(() => [OfferChange], {
    description: 'What two versions of the recommender offer this customer first, where they differ; evidence in full.',
  })
  modelDiff(
    @Ctx() { services, signal, language }: Context,
    @Arg('from', () => ID) from: string,
    @Arg('to', () => ID) to: string,
    @Arg('customerId', () => ID) customerId: string,
  ): Promise<OfferChange[]> {
    return services.recommendation.diff({ from, to, customerId, language }, signal)
  }

  @Query(() => [Affinity], {
    description:
      'What goes with this product, counted live over all orders. Needs no model. STOREFRONT is told of what at least 5 customers stand behind.',
  })
  affinities(
    @Ctx() { services, signal, viewer }: Context,
    @Arg('productId', () => ID) productId: string,
    @Arg('kind', () => AffinityKind, { defaultValue: AffinityKind.BOUGHT_WITH }) kind: AffinityKind,
    @Arg('first', () => Int, { defaultValue: 10, description: '1 to 100' }) first: number,
    @Arg('minOrders', () => Int, { defaultValue: 1 }) minOrders: number,
  ): Promise<Affinity[]> {
    return services.recommendation.affinities({ productId, kind, first, minOrders, role: viewer!.role }, signal)
  }
}

@Resolver(() => Explanation)
export class ExplanationResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The one purchase or relationship without which it would leave the first ten, or enter them, found by ranking again without each; or what else would have to be different. Costs some 100 ms.',
  })
  counterfactual(@Root() { doubted }: Explanation, @Ctx() { services }: Context): Promise<string | null> {
    return services.recommendation.counterfactual(doubted)
  }
}
