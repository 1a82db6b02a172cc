import { readFileSync } from 'node:fs'
import { type DocumentNode, Kind } from 'graphql'
import { z } from 'zod'
import type { Viewer } from '../auth/viewer.ts'
import { DomainError } from '../errors.ts'

/** Documents known beforehand, by the id their clients send instead of the text. */
export type TrustedDocuments = {
  /** The text of what is asked for by id; null when it is not asked for so. @throws BAD_USER_INPUT for an id nobody knows. */
  textOf(asked: object): string | null
  /** @throws FORBIDDEN for a STOREFRONT with a document that is not among them, where they are required. */
  check(query: string, document: DocumentNode, viewer: Viewer | null): void
}

const manifest = z.record(z.string().min(1), z.string().min(1))
const byId = z.object({ documentId: z.string() })
const byHash = z.object({ extensions: z.object({ persistedQuery: z.object({ sha256Hash: z.string() }) }) })

/**
 * @param file JSON, `{ "<id>": "<document>" }`, as GraphQL Code Generator's client preset writes `persisted-documents.json`.
 * @param required Whether STOREFRONT is held to them.
 * @throws when the file can't be read, or is something else.
 */
export function readTrustedDocuments(file: string | undefined, required: boolean): TrustedDocuments {
  const documents = new Map(file === undefined ? [] : Object.entries(read(file)))
  const texts = new Set(documents.values())
  return {
    textOf(asked) {
      const id =
        byId.safeParse(asked).data?.documentId ?? byHash.safeParse(asked).data?.extensions.persistedQuery.sha256Hash
      if (id === undefined) return null
      const text = documents.get(id.replace(/^sha256:/, ''))
      if (text === undefined)
        throw new DomainError('BAD_USER_INPUT', 'No trusted document has this id.', { field: 'documentId' })
      return text
    },
    check(query, document, viewer) {
      if (!required || viewer?.role !== 'STOREFRONT' || texts.has(query)) return
      // Any signed-in role may see the schema.
      if (asksOnly(document, (name) => name.startsWith('__'))) return
      throw new DomainError('FORBIDDEN', 'STOREFRONT may use trusted documents only.')
    },
  }
}

function read(file: string): Record<string, string> {
  try {
    return manifest.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new Error(`TRUSTED_DOCUMENTS: ${file} is not a file of the form { "<id>": "<document>" }`, { cause })
  }
}

/** Whether the fields at the top of each operation are all of one sort. */
export const asksOnly = ({ definitions }: DocumentNode, sort: (name: string) => boolean): boolean =>
  definitions.every(
    (definition) =>
      definition.kind !== Kind.OPERATION_DEFINITION ||
      definition.selectionSet.selections.every(
        (selection) => selection.kind === Kind.FIELD && sort(selection.name.value),
      ),
  )
