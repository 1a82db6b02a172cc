import { Field, ID, Int, ObjectType } from 'type-graphql'
import { Channel, InteractionType } from '../../generated/enums.ts'
import { DateTime } from '../../graph/date-time.ts'

@ObjectType({ description: 'What happened between a customer and a campaign.' })
export class Interaction {
  @Field(() => ID) id!: string
  @Field(() => InteractionType) type!: InteractionType
  @Field(() => Channel, { nullable: true }) channel!: Channel | null
  @Field(() => ID) customerId!: string
  @Field(() => ID) campaignId!: string
  @Field(() => ID, { nullable: true, description: 'The product it was about.' }) productId!: string | null
  @Field(() => ID, { nullable: true, description: 'The order it led to.' }) orderId!: string | null
  @Field(() => DateTime) at!: string
}

@ObjectType({ description: 'One thing that happened in a campaign.' })
export class Activity {
  @Field(() => ID, { description: 'Where this is in what is told: `since` takes it, for an hour.' }) cursor!: string
  @Field(() => Int, {
    description: 'How many activities right before this one were left out, for they came faster than they were taken.',
  })
  dropped!: number
  @Field(() => Interaction, { nullable: true, description: 'Null: it is there no more.' })
  interaction!: Interaction | null
}
