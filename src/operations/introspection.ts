import { type ApolloServerPlugin, HeaderMap } from '@apollo/server'
import { execute, type GraphQLSchema, Kind, type OperationDefinitionNode } from 'graphql'
import type { Role } from '../auth/viewer.ts'
import type { Context } from '../context.ts'

export const asksOnlyForTheSchema = ({ selectionSet }: OperationDefinitionNode) =>
  selectionSet.selections.every((one) => one.kind === Kind.FIELD && one.name.value.startsWith('__'))

/** Whoever asks for the schema is told of what their role may use; nobody's is the whole, where it is told at all. */
export function introspectionPlugin(visibleTo: (role: Role) => GraphQLSchema): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      responseForOperation: async ({ contextValue: { viewer }, document, operation, operationName, request }) => {
        if (!viewer || !asksOnlyForTheSchema(operation)) return null
        const singleResult = await execute({
          schema: visibleTo(viewer.role),
          document,
          operationName,
          variableValues: request.variables,
        })
        return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult } }
      },
    }),
  }
}
