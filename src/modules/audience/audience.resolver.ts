import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql'
import type { Context } from '../../context.ts'
import { Language } from '../../generated/enums.ts'
import { Audience, AudienceMember, Evidence } from './audience.type.ts'

@Resolver(() => AudienceMember)
export class AudienceResolver {
  @Query(() => Audience, {
    description:
      'Who for this product: by the score of crossSell, without its owners; or whom a campaign aims at: by expected response. Exactly one of the two is given. Nobody who objects to profiling.',
  })
  audience(
    @Ctx() { services, signal, language: preferred }: Context,
    @Arg('productId', () => ID, { nullable: true }) productId: string | undefined,
    @Arg('campaignId', () => ID, { nullable: true }) campaignId: string | undefined,
    @Arg('first', () => Int, { defaultValue: 100, description: '1 to 10,000' }) first: number,
    @Arg('language', () => Language, {
      nullable: true,
      description: 'Of what is said in words. Default: what Accept-Language prefers, or else English.',
    })
    language: Language | undefined,
  ): Promise<Audience> {
    return services.audience.audience({ productId, campaignId, first, language: language ?? preferred }, signal)
  }

  @FieldResolver(() => [Evidence], { description: 'All of it, strongest first.' })
  evidence(@Root() { paths }: AudienceMember): Promise<Evidence[]> {
    return paths()
  }
}
