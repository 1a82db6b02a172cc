import { type DocumentNode, getOperationAST, Kind } from 'graphql'

const MAX_NAMES = 100
const NAME = /^[A-Za-z_]\w{0,49}$/

/** What an operation is counted under: its first root field, which the schema knows, and the name its client gave it. */
export type OperationLabels = { field: string; name: string }

/**
 * Names come from clients, and a label's values are kept for good: the first hundred count, without what may be an id. The others are
 * `other`.
 */
export function createOperationNames(): (document: DocumentNode, operationName?: string | null) => OperationLabels {
  const known = new Set<string>()
  const bounded = (name: string | undefined): string => {
    if (name === undefined) return 'anonymous'
    if (known.has(name)) return name
    if (known.size >= MAX_NAMES || !NAME.test(name) || /\d{3}/.test(name)) return 'other'
    known.add(name)
    return name
  }
  return (document, operationName) => {
    const operation = getOperationAST(document, operationName)
    const first = operation?.selectionSet.selections[0]
    return { field: first?.kind === Kind.FIELD ? first.name.value : 'fragment', name: bounded(operation?.name?.value) }
  }
}
