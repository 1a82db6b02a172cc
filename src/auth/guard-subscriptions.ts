import type { GraphQLSchema } from 'graphql'
import type { Context } from '../context.ts'
import { rateLimited } from '../errors.ts'
import { checkReads } from '../guard-reads.ts'
import { rootRefusal } from './rules.ts'

const MAX_PER_SUBJECT = 200

/** graphql-shield guards `resolve` only: without this a denied client would still start the source of a subscription. */
export function guardSubscriptions(schema: GraphQLSchema): GraphQLSchema {
  const begin = createCounter()
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    const { subscribe } = field
    if (!subscribe) throw new Error(`Subscription.${field.name} has no source`)
    const name = `Subscription.${field.name}`
    field.subscribe = async (parent, args, context: Context, info) => {
      const refused = rootRefusal(name, args, context)
      if (refused) throw refused
      checkReads(info)
      const end = begin(context.viewer!.subject)
      try {
        return endingWith((await subscribe(parent, args, context, info)) as AsyncIterable<unknown>, end)
      } catch (error) {
        end()
        throw error
      }
    }
  }
  return schema
}

/** Counts the subscriptions a subject has here, on all sockets. @throws RATE_LIMITED at one too many. */
function createCounter(): (subject: string) => () => void {
  const open = new Map<string, number>()
  return (subject) => {
    const count = open.get(subject) ?? 0
    if (count >= MAX_PER_SUBJECT) throw rateLimited(`One subject may have ${MAX_PER_SUBJECT} subscriptions at once.`, 1)
    open.set(subject, count + 1)
    let ended = false
    return () => {
      if (ended) return
      ended = true
      const left = open.get(subject)! - 1
      if (left === 0) open.delete(subject)
      else open.set(subject, left)
    }
  }
}

/** The same source, telling when it is over. Not by an async generator: that would not pass `return` on while it waits for an event. */
function endingWith(events: AsyncIterable<unknown>, end: () => void): AsyncIterableIterator<unknown> {
  const source = events[Symbol.asyncIterator]()
  return {
    async next() {
      try {
        const result = await source.next()
        if (result.done) end()
        return result
      } catch (error) {
        end()
        throw error
      }
    },
    async return(value) {
      end()
      return source.return?.(value) ?? { done: true, value }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
