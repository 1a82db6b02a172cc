import type { IncomingMessage } from 'node:http'
import type { ApolloServerPlugin } from '@apollo/server'
import type { Request } from 'express'
import { GraphQLError } from 'graphql'
import type { Context } from '../context.ts'
import { DomainError, type ErrorCode } from '../errors.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { OperationLabels } from '../observability/operations.ts'
import type { Asked } from './admission.ts'

const STATUS: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
  INTERNAL: 500,
}

/** Apollo answers 500 for what is thrown before an operation runs, unless it is told the status. */
export function withStatus(error: DomainError): GraphQLError {
  const { retryAfter } = error.details
  const headers = new Map(retryAfter === undefined ? [] : [['retry-after', String(retryAfter)]])
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: { code: error.code, http: { status: STATUS[error.code] ?? 400, headers } },
  })
}

/** What a POST or GET asks; nothing where Apollo will say what is wrong with the request itself. */
export function askedOf({ method, body, query }: Request): Asked {
  if (method !== 'POST') return { ...query, variables: parsedOrNull(query.variables) }
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {}
}

function parsedOrNull(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : null
  } catch {
    return null
  }
}

/** Shows what an operation costs, counts it, and lets nothing run that was not admitted. */
export function operationPlugin(metrics: Metrics): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => {
      const started = performance.now()
      let operation: OperationLabels = { field: 'unknown', name: 'unknown' }
      return {
        didResolveOperation: async ({ contextValue, document, operationName }) => {
          operation = metrics.operationLabels(document, operationName)
          const { verdict } = contextValue
          if (verdict.kind === 'admitted') return
          const [wrong] = verdict.errors
          if (!wrong) throw new Error('An operation came past the gate')
          const { nodes, originalError } = wrong
          throw new GraphQLError(wrong.message, { nodes, originalError, extensions: { http: { status: 400 } } })
        },
        didEncounterErrors: async ({ contextValue, errors }) => {
          for (const error of errors) error.extensions[REQUEST_ID] = contextValue.requestId
        },
        willSendResponse: async ({ contextValue, request, response, errors }) => {
          metrics.operation(operation, errors ? 'error' : 'ok', (performance.now() - started) / 1000)
          if (response.body.kind !== 'single') return
          const { verdict } = contextValue
          if (verdict.kind === 'wrong') {
            if (wantsPlainJson(request.http?.headers.get('accept'))) response.http.status = 200
          } else if (verdict.admitted.cost > 0) {
            const { singleResult } = response.body
            singleResult.extensions = { ...singleResult.extensions, cost: verdict.admitted.cost }
          }
        },
      }
    },
  }
}

/** Under plain `application/json` a document or variables that are wrong are answered with 200: GraphQL over HTTP, 6.4.1. */
const wantsPlainJson = (accept = '') =>
  accept.includes('application/json') && !accept.includes('application/graphql-response+json')

/** formatError gets no context: the operation's id travels on the error. */
const REQUEST_ID = 'requestId'
export const requestIdOf = (error: unknown): string => {
  const id = error instanceof GraphQLError ? error.extensions[REQUEST_ID] : undefined
  return typeof id === 'string' ? id : crypto.randomUUID()
}

export const addressOf = ({ socket }: IncomingMessage): string => socket.remoteAddress ?? 'unknown'
