import { Field, Float, Int, ObjectType } from 'type-graphql'
import { Evidence } from '../recommendation/recommendation.type.ts'

export { Evidence }

@ObjectType({ description: 'A customer of an audience. sum(evidence.contribution) = score, to 1e-9.' })
export class AudienceMember {
  customerId!: string
  /** Reads what speaks for them, when it is asked for. */
  paths!: () => Promise<Evidence[]>
  @Field(() => Float, {
    description:
      'For a product the score of crossSell; for a campaign the log-odds of a response, above those of a customer who has done nothing yet.',
  })
  score!: number
}

@ObjectType()
export class Audience {
  @Field(() => Int, { description: 'All of them, shown or not.' }) total!: number
  @Field(() => [AudienceMember], { description: 'Best first.' }) members!: AudienceMember[]
  @Field(() => String, {
    nullable: true,
    description: 'Why it is empty, or what the scores rest on where nothing was learned.',
  })
  note?: string | null
}
