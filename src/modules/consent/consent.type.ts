import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { Channel, Purpose } from '../../generated/enums.ts'
import { DateTime } from '../../graph/date-time.ts'

registerEnumType(Purpose, { name: 'Purpose' })

@ObjectType({ description: 'What a customer said to a purpose. History is kept; the newest counts.' })
export class Consent {
  @Field(() => ID) id!: string
  @Field(() => ID) customerId!: string
  @Field(() => Channel, { description: 'Profiling has no channel: an objection made on any counts for all.' })
  channel!: Channel
  @Field(() => Purpose) purpose!: Purpose
  @Field(() => Boolean) granted!: boolean
  @Field(() => String, { description: 'Where it was said.' }) source!: string
  @Field(() => DateTime) at!: string
}
