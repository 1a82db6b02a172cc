import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { ErrorCode } from '../generated/enums.ts'

registerEnumType(ErrorCode, { name: 'ErrorCode' })

@ObjectType({ description: 'An item that was not taken, and why.' })
export class Rejection {
  @Field(() => Int, { description: 'Its place in the list that was sent, from 0.' }) index!: number
  @Field(() => ID) id!: string
  @Field(() => ErrorCode) code!: ErrorCode
  @Field(() => String) message!: string
  @Field(() => String, { nullable: true, description: 'Of the item, where one field is to blame.' }) field!:
    | string
    | null
}

@ObjectType({ description: 'accepted + duplicates + rejected = items sent.' })
export class IngestResult {
  @Field(() => Int) accepted!: number
  @Field(() => Int, { description: 'Known already, or older than what is known.' }) duplicates!: number
  @Field(() => [Rejection]) rejected!: Rejection[]
}
