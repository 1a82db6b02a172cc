import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { Channel, Purpose, SuppressionOf } from '../../generated/enums.ts'
import { DateTime } from '../../graph/date-time.ts'

registerEnumType(Purpose, { name: 'Purpose' })
registerEnumType(SuppressionOf, { name: 'SuppressionOf' })

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

@ObjectType({ description: 'A customer or an address that nobody writes to. An address is never shown.' })
export class Suppression {
  @Field(() => ID) id!: string
  @Field(() => SuppressionOf) of!: SuppressionOf
  @Field(() => ID, { nullable: true, description: 'Null for an address: whoever has it is meant.' })
  customerId!: string | null
  @Field(() => Channel, { nullable: true, description: 'Null: all channels.' }) channel!: Channel | null
  @Field(() => String) reason!: string
  @Field(() => DateTime) at!: string
}

@ObjectType({ description: 'A customer who has had as many messages as a frequency cap allows.' })
export class Capped {
  @Field(() => ID) customerId!: string
  @Field(() => Channel) channel!: Channel
  @Field(() => DateTime, { description: 'From then on the strictest cap lets the next message through.' })
  until!: string
}
