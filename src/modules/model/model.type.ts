import { GraphQLJSON } from 'graphql-scalars'
import { Field, Float, ID, InputType, ObjectType, registerEnumType } from 'type-graphql'
import { EvidenceKind, ModelStatus } from '../../generated/enums.ts'
import { DateTime } from '../../graph/date-time.ts'

registerEnumType(ModelStatus, { name: 'ModelStatus' })

@ObjectType({ description: 'One trained version of the recommender. Every learned relationship carries its id.' })
export class Model {
  @Field(() => ID) id!: string
  @Field(() => ModelStatus) status!: ModelStatus
  @Field(() => DateTime, { nullable: true }) trainedAt?: string | null
  @Field(() => DateTime, { nullable: true, description: 'The latest order it learned from, floored to the UTC day.' })
  dataUntil?: string | null
  @Field(() => Float, { description: 'Of its training, 0 to 1.' }) progress!: number
  @Field(() => GraphQLJSON, { description: 'How much each kind of evidence counts.' }) weights!: unknown
  @Field(() => GraphQLJSON, { description: 'What the training measured.' }) metrics!: unknown
}

@InputType()
export class ModelInput {
  @Field(() => DateTime, {
    nullable: true,
    description: 'Learn only from orders placed before this instant. Default: all.',
  })
  until?: string | null
  @Field(() => [EvidenceKind], {
    nullable: true,
    description: 'Learn only these kinds of evidence. Default: all that count.',
  })
  kinds?: EvidenceKind[] | null
}
