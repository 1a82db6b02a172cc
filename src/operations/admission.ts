import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type OperationTypeNode,
  parse,
  validate,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { type Asking, createAccess } from '../auth/access.ts'
import { tokenNeeded } from '../auth/rules.ts'
import { DomainError } from '../errors.ts'
import { costOf } from './cost.ts'
import { LIMITS } from './limits.ts'
import { selectionOf } from './selection.ts'
import { checkShape, fragmentsOf, tooMuch } from './shape.ts'
import { asksOnly, type TrustedDocuments } from './trusted.ts'

/** What an operation is asked with, over HTTP or a socket. Nothing of it has been looked at. */
export type Asked = {
  query?: unknown
  operationName?: unknown
  variables?: unknown
  /** In place of a document: the id of a trusted one, here or in `extensions.persistedQuery.sha256Hash`. */
  documentId?: unknown
  extensions?: unknown
}

export type Admitted = {
  /** The document's text. */
  query: string
  document: DocumentNode
  operation: OperationTypeNode
  /** Units of cost.ts. */
  cost: number
  /** Root fields, each once. */
  fields: string[]
}
/** `wrong`: graphql's own errors about the document or its variables, which no resolver ever sees. `refused`: ours; with its root fields where it is for want of rights. */
export type Verdict =
  | { kind: 'admitted'; admitted: Admitted }
  | { kind: 'wrong'; errors: readonly GraphQLError[] }
  | { kind: 'refused'; error: DomainError; fields?: string[] }

export type Admission = ReturnType<typeof createAdmission>

type Parts = {
  schema: GraphQLSchema
  /** Without a token nothing but `__typename` is answered: neither a schema nor whether a field exists. */
  production: boolean
  trusted: TrustedDocuments
}

/** How many documents are remembered once they are parsed, measured and valid. */
const REMEMBERED = 1_000

/** The one gate of every operation, over HTTP and over a socket: size, validity, rights, cost, in this order, before anything of it runs. */
export function createAdmission({ schema, production, trusted }: Parts) {
  const access = createAccess(schema)
  const known = new LRUCache<string, DocumentNode>({ max: REMEMBERED })

  function read(query: string): DocumentNode | readonly GraphQLError[] {
    const before = known.get(query)
    if (before) return before
    if (query.length > LIMITS.characters) throw tooMuch('characters', 'characters')
    const document = parsed(query)
    if (!('kind' in document)) return document
    checkShape(document)
    return document
  }

  function decide(asked: Asked, asking: Asking): Verdict {
    const { viewer } = asking
    const query = trusted.textOf(asked) ?? asked.query
    const { operationName } = asked
    // Whoever takes requests says what is wrong with one that has no document.
    if (typeof query !== 'string') return { kind: 'wrong', errors: [] }
    const document = read(query)
    if (!('kind' in document)) return { kind: 'wrong', errors: document }
    if (production && !viewer && !asksOnly(document, (name) => name === '__typename')) throw tokenNeeded()
    if (!known.has(query)) {
      const errors = validate(schema, document)
      if (errors.length > 0) return { kind: 'wrong', errors }
      known.set(query, document)
    }
    trusted.check(query, document, viewer)

    const definition = getOperationAST(document, typeof operationName === 'string' ? operationName : undefined)
    if (!definition) return { kind: 'wrong', errors: [new GraphQLError('Name one of the operations: operationName.')] }
    const variables = getVariableValues(schema, definition.variableDefinitions ?? [], variablesOf(asked))
    if (variables.errors) return { kind: 'wrong', errors: variables.errors }
    const selected = selectionOf({ schema, definition, fragments: fragmentsOf(document), variables: variables.coerced })
    const fields = [...new Set(selected.map(({ field }) => field.name))]
    const error = access(selected, asking)
    if (error) return { kind: 'refused', error, fields }
    const cost = costOf(selected)
    if (cost > LIMITS.cost) {
      const message = `The operation costs ${cost} units, more than ${LIMITS.cost}: ask for fewer rows at once.`
      throw new DomainError('QUERY_TOO_COSTLY', message, { limit: 'cost', cost })
    }
    return { kind: 'admitted', admitted: { query, document, operation: definition.operation, cost, fields } }
  }

  /** Never throws. */
  return (asked: Asked, asking: Asking): Verdict => {
    try {
      return decide(asked, asking)
    } catch (error) {
      if (error instanceof DomainError) return { kind: 'refused', error }
      if (error instanceof GraphQLError) return { kind: 'wrong', errors: [error] }
      throw error
    }
  }
}

function parsed(query: string): DocumentNode | readonly GraphQLError[] {
  try {
    return parse(query, { maxTokens: LIMITS.tokens })
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    if (/more tha[tn] \d+ tokens/.test(error.message)) throw tooMuch('tokens', 'tokens')
    return [error]
  }
}

const variablesOf = ({ variables }: Asked): Record<string, unknown> =>
  typeof variables === 'object' && variables !== null && !Array.isArray(variables)
    ? (variables as Record<string, unknown>)
    : {}
