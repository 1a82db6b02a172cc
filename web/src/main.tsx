import { lazy, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { Shell } from './Shell.tsx'
import { startSession } from './session.ts'
import './style.css'

// Every page is a chunk of its own: only the explorer loads GraphiQL and Monaco.
const Explorer = lazy(() => import('./explorer/Explorer.tsx'))

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

startSession()
createRoot(root).render(
  <Shell>
    <Suspense fallback={<p className="loading">Loading the explorer…</p>}>
      <Explorer />
    </Suspense>
  </Shell>,
)
