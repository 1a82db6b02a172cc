import { GraphQLJSON } from 'graphql-scalars'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { Arm, AudienceStatus, Channel, DecisionReason, HandoverState, type Language } from '../../generated/enums.ts'
import { DateTime } from '../../graph/date-time.ts'
import { Model } from '../model/model.type.ts'
import { Offer } from '../recommendation/recommendation.type.ts'

registerEnumType(Arm, { name: 'Arm' })
registerEnumType(AudienceStatus, { name: 'AudienceStatus' })
registerEnumType(DecisionReason, { name: 'DecisionReason' })
registerEnumType(HandoverState, { name: 'HandoverState' })

@ObjectType({ description: 'How many customers are in each arm.' })
export class AudienceResult {
  @Field(() => Int) treatment!: number
  @Field(() => Int) holdout!: number
  @Field(() => Int) excluded!: number
}

@ObjectType()
export class ReasonCount {
  @Field(() => DecisionReason) reason!: DecisionReason
  @Field(() => Int) customers!: number
}

@ObjectType({ description: 'How far buildAudience is.' })
export class AudienceProgress extends AudienceResult {
  campaignId!: string
  @Field(() => AudienceStatus) status!: AudienceStatus
  @Field(() => Int, { description: 'Customers in the segment when the build began.' }) total!: number
  @Field(() => Int, { description: 'treatment + holdout + excluded.' }) decided!: number
  @Field(() => DateTime, { nullable: true }) startedAt?: string | null
  @Field(() => DateTime, { nullable: true }) finishedAt?: string | null
}

@ObjectType({ description: 'Products of the campaign that are left at each stage, in the order of the fields.' })
export class CandidateCounts {
  @Field(() => Int, { description: 'All it names, by itself or by its coupons.' }) named!: number
  @Field(() => Int, { description: 'Those that are merchandise and still sold.' }) sold!: number
  @Field(() => Int, { description: 'Those the customer does not own.' }) notOwned!: number
  @Field(() => Int, { description: 'Those a path leads to with a score above 0.' }) reached!: number
  @Field(() => Int, { description: 'Those recorded as offers.' }) offered!: number
}

@ObjectType({ description: 'Something that would be decided otherwise, or is not as it was.' })
export class DecisionDifference {
  @Field(() => String, { description: 'arm, reasons, channel, model, offers, scores, or a place in `rules`.' })
  what!: string
  @Field(() => String, { nullable: true }) recorded?: string | null
  @Field(() => String, { nullable: true }) today?: string | null
}

@ObjectType({ description: 'How far a decision to treat is on its way, and what holds it up as things are now.' })
export class Handover {
  @Field(() => HandoverState) state!: HandoverState
  @Field(() => [String], {
    description:
      'Codes of DecisionReason: how now differs from when it was decided. Empty for PENDING and HANDED_OVER.',
  })
  reasons!: string[]
  @Field(() => DateTime, {
    nullable: true,
    description: 'When caps and quiet hours let it through, where they hold it up.',
  })
  until!: string | null
  @Field(() => DateTime, { nullable: true, description: 'When it was handed over.' }) at!: string | null
  @Field(() => Int, { description: 'Of the webhook, those that failed.' }) attempts!: number
  @Field(() => String, { nullable: true, description: 'Why the last of them did.' }) error!: string | null
}

@ObjectType({ description: 'What a campaign does with a customer, and why. Recorded once, with all it rests on.' })
export class Decision {
  /** As recorded; null where nothing is offered. */
  packed!: string | null
  modelId!: string
  /** Of whoever it is about, where it is handed over; and how far that is, where it is known. */
  language?: Language
  handover?: Handover
  @Field(() => ID) id!: string
  @Field(() => ID) campaignId!: string
  @Field(() => ID) customerId!: string
  @Field(() => Arm) arm!: Arm
  @Field(() => [String], {
    description: 'Codes of DecisionReason, all that hold; of TREATMENT and HOLDOUT only those that exclude nobody.',
  })
  reasons!: string[]
  @Field(() => Channel, { nullable: true, description: 'Of those allowed, the one they respond to most.' })
  channel?: Channel | null
  @Field(() => DateTime, { nullable: true, description: 'When their quiet hours on the channel end; null: at once.' })
  notBefore?: string | null
  @Field(() => DateTime, { description: 'The day the data speaks of.' }) asOf!: string
  @Field(() => DateTime, { description: 'When it was decided.' }) at!: string
  @Field(() => CandidateCounts) candidates!: CandidateCounts
  @Field(() => GraphQLJSON, {
    description:
      'What was read and applied: holdoutShare and globalHoldoutShare with the customer at holdoutAt and globalHoldoutAt (below the share they are held out); caps; budget, with the treatments ahead; channels with consent, suppressed, contact, cappedUntil, quietUntil and what came of messages; claimedBy; objected.',
  })
  rules!: unknown
  @Field(() => [DecisionDifference], {
    nullable: true,
    description:
      'Of replayDecision: what would differ if it were decided today, by the active model or the one the campaign names; empty: nothing.',
  })
  differences?: DecisionDifference[] | null
}

/** Resolved for what was decided: the model, and offers in the language asked for. */
export { Model, Offer }
