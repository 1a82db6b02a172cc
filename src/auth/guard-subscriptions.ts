import type { GraphQLSchema } from 'graphql'
import type { Context } from '../context.ts'
import { checkReads } from '../guard-reads.ts'
import { rootRefusal } from './rules.ts'

/** graphql-shield guards `resolve` only: without this a denied client would still start the source of a subscription. */
export function guardSubscriptions(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    const { subscribe } = field
    if (!subscribe) throw new Error(`Subscription.${field.name} has no source`)
    const name = `Subscription.${field.name}`
    field.subscribe = (parent, args, context: Context, info) => {
      const refused = rootRefusal(name, args, context, true)
      if (refused) throw refused
      checkReads(info)
      return subscribe(parent, args, context, info)
    }
  }
  return schema
}
