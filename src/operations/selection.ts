import {
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

/** A field that an operation asks for, its arguments as the resolver would get them. */
export type Selected = {
  /** "Query", "Product", … */
  parent: string
  field: GraphQLField<unknown, unknown>
  args: Record<string, unknown>
  inner: Selected[]
}
export type Operation = {
  schema: GraphQLSchema
  definition: OperationDefinitionNode
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
  /** Coerced. */
  variables: Record<string, unknown>
}

/** The fields an operation asks for, without what it skips and without introspection. The document has been validated and its size is bounded. */
export function selectionOf({ schema, definition, fragments, variables }: Operation): Selected[] {
  const wanted = (node: Parameters<typeof getDirectiveValues>[1]) =>
    getDirectiveValues(GraphQLSkipDirective, node, variables)?.if !== true &&
    getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false

  function below(type: GraphQLCompositeType, { selections }: SelectionSetNode): Selected[] {
    return selections.filter(wanted).flatMap((node): Selected[] => {
      if (node.kind === Kind.FRAGMENT_SPREAD) return inFragment(type, fragments.get(node.name.value)!)
      if (node.kind === Kind.INLINE_FRAGMENT) return inFragment(type, node)
      const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined
      if (!field) return []
      const named = getNamedType(field.type)
      const inner = node.selectionSet && isCompositeType(named) ? below(named, node.selectionSet) : []
      return [{ parent: type.name, field, args: getArgumentValues(field, node, variables), inner }]
    })
  }
  function inFragment(type: GraphQLCompositeType, { typeCondition, selectionSet }: Fragment): Selected[] {
    const condition = typeCondition && schema.getType(typeCondition.name.value)
    return below(condition && isCompositeType(condition) ? condition : type, selectionSet)
  }
  return below(schema.getRootType(definition.operation)!, definition.selectionSet)
}

type Fragment = { typeCondition?: { name: { value: string } } | undefined; selectionSet: SelectionSetNode }
