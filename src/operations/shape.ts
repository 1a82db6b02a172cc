import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql'
import { DomainError } from '../errors.ts'
import { LIMITS } from './limits.ts'

type Shape = { depth: number; fields: number; rootFields: number; aliases: number; directives: number }

/**
 * How deep and how wide a document is, fragments counted wherever they are spread, before anything is known of its types. Each
 * fragment is looked at once, so that forty that spread each other twice cost no more than forty others.
 * @throws DomainError QUERY_TOO_COSTLY that names the limit.
 */
export function checkShape(document: DocumentNode): void {
  const fragments = fragmentsOf(document)
  const known = new Map<string, Shape>()

  function ofFragment(name: string): Shape {
    const before = known.get(name)
    if (before) return before
    // What spreads itself counts as nothing in itself; validation refuses it.
    known.set(name, EMPTY)
    const fragment = fragments.get(name)
    const shape = fragment ? plus(ofSet(fragment.selectionSet), fragment.directives?.length ?? 0) : EMPTY
    known.set(name, shape)
    return shape
  }

  function ofSet({ selections }: SelectionSetNode): Shape {
    const sum = { ...EMPTY }
    for (const selection of selections) {
      const field = selection.kind === Kind.FIELD
      const inner =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? ofFragment(selection.name.value)
          : selection.selectionSet
            ? ofSet(selection.selectionSet)
            : EMPTY
      sum.depth = Math.max(sum.depth, inner.depth + (field ? 1 : 0))
      sum.fields += inner.fields + (field ? 1 : 0)
      sum.rootFields += field ? 1 : inner.rootFields
      sum.aliases += inner.aliases + (field && selection.alias ? 1 : 0)
      sum.directives += inner.directives + (selection.directives?.length ?? 0)
    }
    return sum
  }

  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION)
      check(plus(ofSet(definition.selectionSet), definition.directives?.length ?? 0))
    // One that nothing spreads would be validated all the same.
    else if (definition.kind === Kind.FRAGMENT_DEFINITION)
      check({ ...ofFragment(definition.name.value), rootFields: 0 })
  }
}

export const fragmentsOf = ({ definitions }: DocumentNode): Map<string, FragmentDefinitionNode> =>
  new Map(
    definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  )

const EMPTY: Readonly<Shape> = { depth: 0, fields: 0, rootFields: 0, aliases: 0, directives: 0 }
const plus = (shape: Shape, directives: number): Shape => ({ ...shape, directives: shape.directives + directives })

const WORDS: Record<keyof Shape, string> = {
  depth: 'levels of fields',
  fields: 'fields',
  rootFields: 'fields at its top',
  aliases: 'aliases',
  directives: 'directives',
}

function check(shape: Shape): void {
  for (const name of Object.keys(WORDS) as (keyof Shape)[])
    if (shape[name] > LIMITS[name]) throw tooMuch(name, WORDS[name])
}

/** `details.limit` names the entry of LIMITS. */
export const tooMuch = (limit: keyof typeof LIMITS, what: string) =>
  new DomainError('QUERY_TOO_COSTLY', `The operation has more than ${LIMITS[limit]} ${what}.`, { limit })
