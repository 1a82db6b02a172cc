import './workers.ts'
import { explorerPlugin } from '@graphiql/plugin-explorer'
import { HISTORY_PLUGIN } from '@graphiql/plugin-history'
import { GraphiQL } from 'graphiql'
import { use, useMemo, useState } from 'react'
import { useSession } from '../session.ts'
import { ExampleBar } from './ExampleBar.tsx'
import { EXAMPLES, variablesText } from './examples.ts'
import { createFetcher } from './fetcher.ts'
import { exampleIds } from './ids.ts'
import { hasTabs, storage } from './storage.ts'
import { Why } from './why/Why.tsx'
// Not graphiql/style.css, which holds fonts as data: and Monaco's style once more.
import '@graphiql/react/style.css'
import '@graphiql/plugin-doc-explorer/style.css'
import '@graphiql/plugin-history/style.css'
import '@graphiql/plugin-explorer/style.css'
import 'graphiql/graphiql.css'
import './explorer.css'

// `plugins` replaces GraphiQL's own list, which is the history; the documentation comes in any case.
const PLUGINS = [explorerPlugin({ showAttribution: false }), HISTORY_PLUGIN]
const [FIRST] = EXAMPLES

export default function Explorer() {
  const { token } = useSession()
  const ids = use(exampleIds())
  const fetcher = useMemo(() => createFetcher(token), [token])
  const [examples, setExamples] = useState<HTMLElement | null>(null)
  const [why, setWhy] = useState<HTMLElement | null>(null)
  const [welcome] = useState(() =>
    FIRST && !hasTabs() ? { initialQuery: FIRST.query, initialVariables: variablesText(FIRST, ids) } : {},
  )
  return (
    <div className="explorer">
      <div className="top">
        <div ref={setExamples} />
        <div ref={setWhy} />
      </div>
      <GraphiQL
        fetcher={fetcher}
        plugins={PLUGINS}
        storage={storage}
        shouldPersistHeaders={false}
        defaultEditorToolsVisibility="variables"
        defaultQuery=""
        {...welcome}
      >
        <GraphiQL.Logo>
          <span />
        </GraphiQL.Logo>
        <ExampleBar host={examples} ids={ids} />
        <Why host={why} />
      </GraphiQL>
    </div>
  )
}
