import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql'
import type { Context } from '../context.ts'

@Resolver()
export class RevocationResolver {
  @Mutation(() => Boolean, {
    description:
      'Refuses every token of a subject that was issued until now, or only the one with this id. Open sockets of them are closed with 4403. It holds on every instance within a second.',
  })
  async revokeTokens(
    @Ctx() { services }: Context,
    @Arg('subject', () => ID) subject: string,
    @Arg('tokenId', () => ID, { nullable: true, description: 'The `jti` of the one token.' }) tokenId?: string | null,
  ): Promise<boolean> {
    await services.revocation.revoke(subject, tokenId ?? null)
    return true
  }
}
