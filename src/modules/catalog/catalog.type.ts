import { Field, Float, ID, InputType } from 'type-graphql'

export { IngestResult } from '../ingest.type.ts'

@InputType({ description: 'What is known of a product. A field left out keeps its value; null removes it.' })
export class ProductInput {
  @Field(() => ID) id!: string
  @Field(() => String) name!: string
  @Field(() => String, { nullable: true }) brand?: string | null
  @Field(() => String, { nullable: true, description: 'Without one a product is never recommended.' })
  department?: string | null
  @Field(() => String, { nullable: true, description: 'Below the department.' }) category?: string | null
  @Field(() => String, { nullable: true, description: 'Below the category.' }) type?: string | null
  @Field(() => String, { nullable: true }) packageSize?: string | null
  @Field(() => ID, { nullable: true }) manufacturerId?: string | null
  @Field(() => Float, { nullable: true, description: 'Of one unit; 0 or more.' }) price?: number | null
  @Field(() => Float, { nullable: true, description: 'Share of the price that is profit, 0 to 1.' })
  margin?: number | null
  @Field(() => Boolean, { defaultValue: true, description: 'False when it is no longer sold: never recommended.' })
  active!: boolean
}
