import { Field, ID, InputType, registerEnumType } from 'type-graphql'
import { Channel, InteractionType } from '../../generated/enums.ts'
import { DateTime, type DateTimeInput } from '../../graph/date-time.ts'

export { IngestResult } from '../ingest.type.ts'

registerEnumType(Channel, { name: 'Channel' })
registerEnumType(InteractionType, { name: 'InteractionType' })

@InputType({ description: 'What happened between a customer and a campaign.' })
export class InteractionInput {
  @Field(() => ID, { description: 'Of the interaction itself: sending it again changes nothing.' }) id!: string
  @Field(() => ID) customerId!: string
  @Field(() => ID) campaignId!: string
  @Field(() => InteractionType) type!: InteractionType
  @Field(() => Channel, { nullable: true }) channel?: Channel | null
  @Field(() => ID, { nullable: true, description: 'The product it was about.' }) productId?: string | null
  @Field(() => ID, { nullable: true, description: 'The order it led to; it may arrive later.' }) orderId?: string | null
  @Field(() => DateTime, { description: 'Not before the campaign starts.' }) at!: DateTimeInput
}
