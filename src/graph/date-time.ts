import { GraphQLScalarType } from 'graphql'

/**
 * Stands for the DateTime scalar of the nodes in type-graphql's classes. Only its name counts: the schema takes the
 * scalar itself from the nodes' side, which writes ISO 8601 in UTC.
 */
export const DateTime = new GraphQLScalarType({ name: 'DateTime' })

/** What the scalar hands to a resolver for an argument: an object whose text is the ISO 8601 instant. */
export type DateTimeInput = { toString(): string }
