import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { AffinityKind, Direction, EvidenceKind, ExclusionCode, Language, OfferSource } from '../../generated/enums.ts'
import { DateTime } from '../../graph/date-time.ts'
import { Model } from '../model/model.type.ts'
import type { Doubted } from './counterfactual.ts'

registerEnumType(AffinityKind, { name: 'AffinityKind' })
registerEnumType(Direction, { name: 'Direction' })
registerEnumType(EvidenceKind, { name: 'EvidenceKind' })
registerEnumType(ExclusionCode, { name: 'ExclusionCode' })
registerEnumType(Language, { name: 'Language' })
registerEnumType(OfferSource, { name: 'OfferSource' })

@ObjectType({ description: 'What stands behind an evidence. Null where fewer than 5 customers do.' })
export class Support {
  @Field(() => Int, { nullable: true, description: 'Orders that hold both products.' }) orders?: number | null
  @Field(() => Int, { nullable: true, description: 'Distinct customers who placed them.' }) customers?: number | null
  @Field(() => Float, { nullable: true, description: 'Orders with both / all orders, 0 to 1.' }) support?: number | null
  @Field(() => Float, { nullable: true, description: 'Orders with both / orders with the own product, 0 to 1.' })
  confidence?: number | null
  @Field(() => Float, { nullable: true, description: 'confidence / share of all orders with the other; 1 is chance.' })
  lift?: number | null
  @Field(() => Float, {
    nullable: true,
    description: 'Orders with both / sqrt(orders with one x orders with the other).',
  })
  cosine?: number | null
  @Field(() => Float, { nullable: true, description: 'Typical days between; null for the same order.' })
  medianDays?: number | null
}

@ObjectType({ description: 'A node of the path, and the relationship that leads to it from the step before.' })
export class PathStep {
  @Field(() => String) label!: string
  @Field(() => ID, { nullable: true }) id?: string | null
  @Field(() => String) name!: string
  @Field(() => String, { nullable: true }) relationship?: string | null
  @Field(() => Direction, { nullable: true }) direction?: Direction | null
}

@ObjectType({ description: 'One path of the graph and what it adds to the score.' })
export class Evidence {
  @Field(() => EvidenceKind) kind!: EvidenceKind
  @Field(() => Float, { description: "Its part of the score, in the score's unit." }) contribution!: number
  @Field(() => Float, { description: '|contribution| / sum of |contribution| over all evidence, 0 to 1.' })
  share!: number
  @Field(() => String) reason!: string
  @Field(() => [PathStep]) path!: PathStep[]
  @Field(() => Support, { nullable: true }) support?: Support | null
}

@ObjectType({ description: 'sum(evidence.contribution) + otherContribution = score, to 1e-9 (relative).' })
export class Offer {
  productId!: string
  /** What is known of the product already, by the names of its fields: a selection of these alone is not read again. */
  facts?: Readonly<Record<string, unknown>>
  @Field(() => Int) rank!: number
  @Field(() => Float) score!: number
  @Field(() => String, { description: 'The reason of its strongest evidence.' }) reason!: string
  @Field(() => [Evidence], { description: 'Strongest first.' }) evidence!: Evidence[]
  @Field(() => Float, { description: 'What the evidence beyond the first few adds.' }) otherContribution!: number
}

@ObjectType()
export class OfferList {
  @Field(() => Model) model!: Model
  @Field(() => DateTime, { description: 'The day the data speaks of: recency is measured from it.' }) asOf!: string
  @Field(() => DateTime) computedAt!: string
  @Field(() => OfferSource) source!: OfferSource
  @Field(() => [Offer], { description: 'Best first.' }) items!: Offer[]
  @Field(() => String, { nullable: true, description: 'Why the list is empty or short.' }) note?: string | null
}

@ObjectType({ description: 'An offer that two versions of the recommender do not make alike.' })
export class OfferChange {
  productId!: string
  facts?: Offer['facts']
  @Field(() => Offer, { nullable: true, description: 'Null: it was not among the first ten.' }) before?: Offer | null
  @Field(() => Offer, { nullable: true, description: 'Null: it is not among the first ten.' }) after?: Offer | null
}

@ObjectType()
export class Exclusion {
  @Field(() => ExclusionCode) code!: ExclusionCode
  @Field(() => String) message!: string
}

@ObjectType({ description: 'Why a product is offered to a customer, or why not.' })
export class Explanation {
  /** What `counterfactual` is told from. */
  doubted!: Doubted
  @Field(() => Boolean, { description: 'True when it is among the first ten.' }) recommended!: boolean
  @Field(() => Int, { nullable: true, description: 'Among the candidates that pass `where`.' }) rank?: number | null
  @Field(() => Float, { description: 'The sum of its evidence; 0 where no path leads to it.' }) score!: number
  @Field(() => [Exclusion]) whyNot!: Exclusion[]
  @Field(() => [Evidence]) evidence!: Evidence[]
  @Field(() => Float) otherContribution!: number
}

@ObjectType({ description: 'Two products and how often they go together, counted live.' })
export class Affinity {
  ofId!: string
  productId!: string
  @Field(() => Int, { description: 'Orders with both (BOUGHT_AFTER: pairs of an earlier and a later order).' })
  orders!: number
  @Field(() => Float) support!: number
  @Field(() => Float) confidence!: number
  @Field(() => Float) lift!: number
  @Field(() => Float) cosine!: number
  @Field(() => Float, { nullable: true }) medianDays?: number | null
}

@InputType({
  description: 'Multiplies the scores of one product, category or brand. Exactly one of the three is given.',
})
export class BoostInput {
  @Field(() => ID, { nullable: true }) productId?: string | null
  @Field(() => ID, { nullable: true }) categoryId?: string | null
  @Field(() => String, { nullable: true }) brand?: string | null
  @Field(() => Float, { description: '0 to 10; 1 changes nothing.' }) factor!: number
}

@InputType({ description: 'Narrows what may be offered. An empty list of ids or brands is the same as none given.' })
export class OfferFilter {
  @Field(() => [ID], { nullable: true, description: 'Only products of one of these.' }) categories?: string[] | null
  @Field(() => [ID], { nullable: true }) excludeCategories?: string[] | null
  @Field(() => [String], { nullable: true }) brands?: string[] | null
  @Field(() => [ID], { nullable: true }) excludeProducts?: string[] | null
  @Field(() => Float, { nullable: true }) minPrice?: number | null
  @Field(() => Float, { nullable: true }) maxPrice?: number | null
  @Field(() => Boolean, { nullable: true, description: 'Offer also what the customer already buys.' })
  includeOwned?: boolean | null
  @Field(() => Float, {
    nullable: true,
    description: '0 to 1: how much what many customers buy gives way to what fewer do.',
  })
  diversity?: number | null
  @Field(() => [BoostInput], { nullable: true, description: 'At most 20.' }) boosts?: BoostInput[] | null
}
