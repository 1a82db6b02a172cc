import { Field, Float, Int, ObjectType } from 'type-graphql'
import { DateTime } from '../../graph/date-time.ts'
import { Model } from '../model/model.type.ts'
import { Affinity } from '../recommendation/recommendation.type.ts'

@ObjectType({ description: 'How the service does, all instances together.' })
export class Pulse {
  runningIds!: string[]
  @Field(() => DateTime) at!: string
  @Field(() => Float, { description: 'Recorded, over the last ten seconds.' }) ordersPerSecond!: number
  @Field(() => Float, {
    description: 'How long the oldest event that is recorded has waited to be told; 0: none waits.',
  })
  ingestLagSeconds!: number
  @Field(() => Int, { description: 'Customers to whom a cap closes at least one channel. Counted twice a minute.' })
  capped!: number
  @Field(() => Int, { description: 'Entries of the suppression list. Counted twice a minute.' }) suppressed!: number
  @Field(() => [Affinity], {
    description:
      'The five pairs of products that most gained orders in the last seven days over the seven before, by five customers or more; the days end with the newest order. Counted every five minutes.',
  })
  rising!: Affinity[]
  @Field(() => Model, { nullable: true, description: 'Null: none is active yet.' }) activeModel!: Model | null
}
