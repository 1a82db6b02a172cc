import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { ErrorCode } from '../../generated/enums.ts'
import { DateTime, type DateTimeInput } from '../../graph/date-time.ts'

registerEnumType(ErrorCode, { name: 'ErrorCode' })

@InputType()
export class OrderLineInput {
  @Field(() => ID) productId!: string
  @Field(() => Float, { description: '0 or more; several lines of a product are summed.' }) quantity!: number
  @Field(() => Float, { description: 'What was paid for the line, discounts taken off; 0 or more.' }) value!: number
  @Field(() => Float, { defaultValue: 0 }) discount!: number
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

@ObjectType({ description: 'An item that was not taken, and why.' })
export class Rejection {
  @Field(() => Int, { description: 'Its place in the list that was sent, from 0.' }) index!: number
  @Field(() => ID) id!: string
  @Field(() => ErrorCode) code!: ErrorCode
  @Field(() => String) message!: string
}

@ObjectType({ description: 'accepted + duplicates + rejected = items sent.' })
export class IngestResult {
  @Field(() => Int) accepted!: number
  @Field(() => Int, { description: 'Known already, or older than what is known.' }) duplicates!: number
  @Field(() => [Rejection]) rejected!: Rejection[]
}
