import { Arg, Ctx, Query, Resolver } from 'type-graphql'
import type { Context } from '../../context.ts'
import { SegmentInput, SegmentPreview } from './segment.type.ts'

@Resolver()
export class SegmentResolver {
  @Query(() => SegmentPreview, {
    description: 'How many customers a segment would have, saved or not, and the first ten by id.',
  })
  segmentPreview(
    @Ctx() { services, signal }: Context,
    @Arg('input', () => SegmentInput) input: SegmentInput,
  ): Promise<SegmentPreview> {
    return services.segment.preview(input, signal)
  }
}
