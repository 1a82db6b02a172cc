import { lazy, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { Shell } from './Shell.tsx'
import { startSession } from './session.ts'
import './style.css'

// Every page is a chunk of its own: only the explorer loads GraphiQL and Monaco.
const PAGES = {
  '/': { name: 'explorer', Page: lazy(() => import('./explorer/Explorer.tsx')) },
  '/dashboard': { name: 'dashboard', Page: lazy(() => import('./dashboard/Dashboard.tsx')) },
} as const

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
const { name, Page } = PAGES[location.pathname.replace(/(.)\/$/, '$1') as keyof typeof PAGES] ?? PAGES['/']
document.title = `Alongside · ${name}`

startSession()
createRoot(root).render(
  <Shell page={name}>
    <Suspense fallback={<p className="loading">Loading the {name}…</p>}>
      <Page />
    </Suspense>
  </Shell>,
)
