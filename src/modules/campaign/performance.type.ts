import { Field, Float, Int, ObjectType } from 'type-graphql'
import { Channel, EvidenceKind, InteractionType } from '../../generated/enums.ts'
import { Model } from '../model/model.type.ts'

@ObjectType({ description: 'How many customers got so far, by a channel.' })
export class FunnelStep {
  @Field(() => InteractionType) type!: InteractionType
  @Field(() => Channel, { nullable: true, description: 'Null: not told.' }) channel!: Channel | null
  @Field(() => Int, {
    description:
      'Each once a channel. CONVERTED: who is told to be, or has an order that is attributed to the campaign.',
  })
  customers!: number
}

@ObjectType({
  description:
    'How much more of all treated customers than of all held out bought one of the campaign’s products, from its launch (or from when they were decided about) to its end.',
})
export class Uplift {
  @Field(() => Float, { description: 'Of two shares: 0.02 is two in a hundred more.' }) difference!: number
  @Field(() => Float) low!: number
  @Field(() => Float) high!: number
  @Field(() => Float, { description: 'Of the interval from low to high: 0.95.' }) level!: number
  @Field(() => String) method!: string
  @Field(() => Int, {
    nullable: true,
    description:
      'Customers each arm needs for a difference like this to be told from none, in four of five campaigns; null where it is told already, or none is seen.',
  })
  neededPerArm!: number | null
  @Field(() => Boolean, { description: 'The campaign is not COMPLETED.' }) preliminary!: boolean
}

@ObjectType()
export class KindUplift {
  @Field(() => EvidenceKind, { description: 'Which speaks most for the best offer.' }) kind!: EvidenceKind
  @Field(() => Uplift, { nullable: true }) uplift!: Uplift | null
  @Field(() => String, { nullable: true, description: 'Why there is no uplift, or little behind it.' }) note!:
    | string
    | null
}

@ObjectType()
export class ModelUplift {
  modelId!: string
  @Field(() => Int) treated!: number
  @Field(() => Uplift, { nullable: true }) uplift!: Uplift | null
}

@ObjectType()
export class CampaignPerformance {
  campaignId!: string
  @Field(() => Int, {
    description: 'In TREATMENT, whether handed over or not; of a campaign of the past, who was sent it.',
  })
  treated!: number
  @Field(() => Int) holdout!: number
  @Field(() => [FunnelStep]) funnel!: FunnelStep[]
  @Field(() => Float, { description: 'Of the campaign’s products in the orders that are attributed to it.' })
  revenue!: number
  @Field(() => Uplift, { nullable: true }) uplift!: Uplift | null
  @Field(() => [KindUplift], { description: 'Among those whose best offer has the same leading kind of evidence.' })
  upliftByKind!: KindUplift[]
  @Field(() => [ModelUplift], { description: 'Among those whom the same version of the recommender decided about.' })
  upliftByModel!: ModelUplift[]
  @Field(() => String, { nullable: true, description: 'Why there is no uplift, or little behind it.' }) note!:
    | string
    | null
}

export { Model }
