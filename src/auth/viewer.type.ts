import { Field, ID, ObjectType } from 'type-graphql'

@ObjectType('Viewer', { description: 'Who is asking, as the token says.' })
export class ViewerType {
  @Field(() => ID) subject!: string
  @Field(() => String) role!: string
  @Field(() => ID, { nullable: true, description: 'Set when the token speaks for one customer only.' }) customer?:
    | string
    | null
  @Field(() => [String], { description: 'The root fields this viewer may use.' }) permissions!: string[]
}
