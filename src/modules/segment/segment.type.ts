import { GraphQLJSON } from 'graphql-scalars'
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'

@InputType({ description: 'A condition over customers, and what it is called.' })
export class SegmentInput {
  @Field(() => ID, {
    nullable: true,
    description: 'Of the segment that it replaces; without one a new segment is made.',
  })
  id?: string | null
  @Field(() => String) name!: string
  @Field(() => GraphQLJSON, {
    description:
      'all, any and not over named conditions, as schema/segment.schema.json says: `{ all: [{ bought: { productId: "7", period: { lastDays: 90 } } }, { not: { lifecycle: ["LOST"] } }] }`.',
  })
  condition!: unknown
}

@ObjectType({ description: 'Whom a condition holds for now.' })
export class SegmentPreview {
  @Field(() => Int, { description: 'Of how many customers.' }) size!: number
  /** Of the `sample` of schema/links.graphql: the first by id. */
  sampleIds!: string[]
}
