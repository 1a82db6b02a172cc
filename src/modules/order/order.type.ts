import { Field, Float, ID, InputType, Int } from 'type-graphql'
import { DateTime, type DateTimeInput } from '../../graph/date-time.ts'

export { IngestResult } from '../ingest.type.ts'

@InputType()
export class OrderLineInput {
  @Field(() => ID) productId!: string
  @Field(() => Float, { description: '0 or more; several lines of a product are summed.' }) quantity!: number
  @Field(() => Float, { description: 'What was paid for the line, discounts taken off; 0 or more.' }) value!: number
  @Field(() => Float, { defaultValue: 0 }) discount!: number
  @Field(() => Float, { defaultValue: 0, description: 'What coupons took off, as part of `discount`; 0 or more.' })
  couponDiscount!: number
}

@InputType({ description: 'A higher revision of the same id replaces all lines; no lines is a cancellation.' })
export class OrderInput {
  @Field(() => ID) id!: string
  @Field(() => Int, { defaultValue: 1 }) revision!: number
  @Field(() => ID) customerId!: string
  @Field(() => DateTime) placedAt!: DateTimeInput
  @Field(() => ID, { nullable: true }) storeId?: string | null
  @Field(() => String, { nullable: true }) channel?: string | null
  @Field(() => [OrderLineInput]) lines!: OrderLineInput[]
}
