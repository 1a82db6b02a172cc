import type { Environment } from 'monaco-editor'
import EditorWorker from 'monaco-editor/esm/vs/editor/editor.worker.js?worker'
import JsonWorker from 'monaco-editor/esm/vs/language/json/json.worker.js?worker'
import GraphQLWorker from './graphql.worker.ts?worker'

// Must be imported before GraphiQL. GraphiQL's own graphiql/setup-workers/vite crashes Vite 8's development server.
const environment: Environment = {
  getWorker(_id, label) {
    if (label === 'json') return new JsonWorker()
    if (label === 'graphql') return new GraphQLWorker()
    return new EditorWorker()
  },
}
window.MonacoEnvironment = environment
