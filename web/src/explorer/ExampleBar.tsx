import { useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { type GraphQLSchema, Kind, parse } from 'graphql'
import { createPortal } from 'react-dom'
import { useSession } from '../session.ts'
import { EXAMPLES, type Example, variablesText } from './examples.ts'
import type { ExampleIds } from './ids.ts'

/** A schema that lacks a field has no example for it; before a schema is known all are shown. */
function answerable(example: Example, schema: GraphQLSchema | null | undefined): boolean {
  if (!schema) return true
  const root = example.root === 'query' ? schema.getQueryType() : schema.getSubscriptionType()
  return root?.getFields()[example.field] !== undefined
}

/** Inside GraphiQL's provider, for its hooks, but drawn above it. */
export function ExampleBar({ host, ids }: { host: HTMLElement | null; ids: ExampleIds }) {
  const session = useSession()
  const actions = useGraphiQLActions()
  const { schema, tabs, activeTabIndex, queryEditor, variableEditor } = useGraphiQL((state) => ({
    schema: state.schema,
    tabs: state.tabs,
    activeTabIndex: state.activeTabIndex,
    queryEditor: state.queryEditor,
    variableEditor: state.variableEditor,
  }))
  if (!host) return null

  const open = (example: Example) => {
    if (!queryEditor) return
    actions.stop()
    const known = tabs.findIndex((tab) => tab.query === example.query)
    if (known === -1) {
      if (queryEditor.getValue().trim() !== '') actions.addTab()
    } else if (known !== activeTabIndex) actions.changeTab(known)
    queryEditor.setValue(example.query)
    variableEditor?.setValue(variablesText(example, ids))
    // GraphiQL reads the text a moment later; run() needs the operation now.
    const documentAST = parse(example.query)
    const operations = documentAST.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    actions.setOperationFacts({ documentAST, operations, operationName: operations[0]?.name?.value })
    if (session.state === 'in') actions.run()
  }

  return createPortal(
    <nav className="examples" aria-label="Example queries">
      {EXAMPLES.filter((example) => answerable(example, schema)).map((example) => (
        <button type="button" key={example.question} disabled={!queryEditor} onClick={() => open(example)}>
          <span>{example.question}</span>
          <code>{example.root === 'subscription' ? `${example.field} · live` : example.field}</code>
        </button>
      ))}
    </nav>,
    host,
  )
}
