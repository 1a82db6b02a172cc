/** What one operation may be; anything beyond is refused before it is validated or run. The introspection of GraphiQL fits. */
export const LIMITS = {
  /** Of the document's text; more is for variables. */
  characters: 100_000,
  tokens: 2_000,
  /** Fields below fields; fragments do not count. */
  depth: 15,
  /** Fields, each fragment counted wherever it is spread. */
  fields: 1_000,
  /** The same, at the top of an operation. */
  rootFields: 20,
  aliases: 50,
  directives: 20,
  /** Units of cost.ts. */
  cost: 10_000,
} as const
