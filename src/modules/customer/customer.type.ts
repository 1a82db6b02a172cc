import { Field, ID, InputType } from 'type-graphql'
import { DateTime, type DateTimeInput } from '../../graph/date-time.ts'

export { IngestResult } from '../ingest.type.ts'

@InputType({ description: 'A customer looked at a product.' })
export class ViewInput {
  @Field(() => ID, { description: 'Of the view itself: sending it again changes nothing.' }) id!: string
  @Field(() => ID) customerId!: string
  @Field(() => ID) productId!: string
  @Field(() => DateTime) at!: DateTimeInput
}

@InputType({ description: 'What is known of a customer. A field left out keeps its value; null removes it.' })
export class CustomerInput {
  @Field(() => ID) id!: string
  @Field(() => String, { nullable: true, description: 'A band, such as 45-54.' }) age?: string | null
  @Field(() => String, { nullable: true, description: 'A band, such as 50-74K.' }) income?: string | null
  @Field(() => String, { nullable: true }) householdSize?: string | null
  @Field(() => String, { nullable: true, description: 'A BCP 47 tag, such as pl or en-GB.' }) language?: string | null
  @Field(() => String, { nullable: true, description: 'An IANA name, such as Europe/Warsaw.' }) timeZone?: string | null
  @Field(() => String, { nullable: true, description: 'Stored encrypted, as email and phone are.' }) name?:
    | string
    | null
  @Field(() => String, { nullable: true }) email?: string | null
  @Field(() => String, { nullable: true, description: 'With its country code: +44 7700 900123.' }) phone?: string | null
}
