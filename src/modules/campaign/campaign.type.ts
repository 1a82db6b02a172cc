import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { CampaignStatus, Channel, InteractionType } from '../../generated/enums.ts'
import { DateTime, type DateTimeInput } from '../../graph/date-time.ts'

export { IngestResult } from '../ingest.type.ts'

registerEnumType(CampaignStatus, { name: 'CampaignStatus' })
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

@InputType({ description: 'How often a customer is written to at most, counted over all campaigns.' })
export class FrequencyCapInput {
  @Field(() => Int, { description: '1 to 1,000.' }) max!: number
  @Field(() => Int, { description: '1 to 365, each of 24 hours.' }) days!: number
  @Field(() => Channel, { nullable: true, description: 'Counts this channel alone; left out, all of them together.' })
  channel?: Channel | null
}

@ObjectType({ description: 'At most `max` messages to a customer in `days` times 24 hours, over all campaigns.' })
export class FrequencyCap {
  @Field(() => Int) max!: number
  @Field(() => Int) days!: number
  @Field(() => Channel, { nullable: true, description: 'Null: all channels together.' }) channel!: Channel | null
}

@InputType({
  description:
    'All of a campaign: what is left out takes its default. It promotes products or offers coupons, or both.',
})
export class CampaignInput {
  @Field(() => String, { description: 'Up to 200 characters.' }) name!: string
  @Field(() => ID, { description: 'Whom it aims at.' }) segmentId!: string
  @Field(() => [ID], { nullable: true }) products?: string[] | null
  @Field(() => [ID], { nullable: true }) coupons?: string[] | null
  @Field(() => [Channel], { description: 'One or more, each once.' }) channels!: Channel[]
  @Field(() => DateTime) startsAt!: DateTimeInput
  @Field(() => DateTime, { description: 'After `startsAt`.' }) endsAt!: DateTimeInput
  @Field(() => Float, { nullable: true, defaultValue: 0.1, description: 'Of whom it aims at, 0 to 1 are left alone.' })
  holdoutShare?: number | null
  @Field(() => FrequencyCapInput, { nullable: true }) frequencyCap?: FrequencyCapInput | null
  @Field(() => Int, { nullable: true, defaultValue: 0, description: 'The higher comes first, -1,000 to 1,000.' })
  priority?: number | null
  @Field(() => Int, { nullable: true, description: 'How many customers it may treat; left out, as many as there are.' })
  budget?: number | null
  @Field(() => [ID], { nullable: true, description: 'Up to 10 versions of the recommender; left out, the active one.' })
  modelIds?: string[] | null
  @Field(() => String, { nullable: true, description: 'Where it is told what happens: https, and no private address.' })
  webhookUrl?: string | null
}

@ObjectType()
export class CampaignChange {
  @Field(() => String, { description: 'As the input calls it.' }) field!: string
  @Field(() => String, { description: 'What the change affects, in words.' }) affects!: string
}

@ObjectType({ description: 'What updateCampaign changed the last time, and what that affects.' })
export class CampaignEdit {
  @Field(() => DateTime) at!: string
  @Field(() => String, { description: 'The subject who made it.' }) by!: string
  @Field(() => [CampaignChange], { description: 'Empty: all was said as it was before.' }) changes!: CampaignChange[]
  @Field(() => CampaignStatus, { description: 'How far the campaign was then.' }) statusBefore!: CampaignStatus
  @Field(() => Boolean, { description: 'It had been approved, and was something else from then on.' })
  approvalDropped!: boolean
}
