import { useGraphiQL } from '@graphiql/react'
import { useEffect, useMemo, useState } from 'react'
import { createPortal } from 'react-dom'
import { useWidth } from '../../use-width.ts'
import { Contributions } from './Contributions.tsx'
import { type Explained, explainedIn } from './explained.ts'
import { Paths } from './Paths.tsx'
import { asContribution, asScore } from './words.ts'
import './why.css'

const PANEL = 'why'

/** What stands in the answer's editor: always that of the tab shown, whoever put it there. */
function useAnswer(): string {
  const editor = useGraphiQL((state) => state.responseEditor)
  const [text, setText] = useState('')
  useEffect(() => {
    if (!editor) return
    const read = () => setText(editor.getValue())
    read()
    const listening = editor.onDidChangeModelContent(read)
    return () => listening.dispose()
  }, [editor])
  return text
}

/** Beside the JSON: the paths behind a result, and what they add up to. Its button is drawn into `host`. */
export function Why({ host }: { host: HTMLElement | null }) {
  const [open, setOpen] = useState(false)
  const answer = useAnswer()
  const found = useMemo(() => explainedIn(answer), [answer])
  return (
    <>
      {host &&
        createPortal(
          <button
            type="button"
            className="why-toggle"
            aria-expanded={open}
            aria-controls={PANEL}
            onClick={() => setOpen(!open)}
          >
            <span>Why view</span>
            <small>{found.length === 0 ? 'nothing to draw yet' : `${found.length} to draw`}</small>
          </button>,
          host,
        )}
      <aside id={PANEL} className="why" aria-label="Why view" hidden={!open}>
        {open && <Panel found={found} answered={answer.trim() !== ''} />}
      </aside>
    </>
  )
}

function Panel({ found, answered }: { found: readonly Explained[]; answered: boolean }) {
  const [key, setKey] = useState('')
  const chosen = found.find((one) => one.key === key) ?? found[0]
  if (!chosen)
    return (
      <p className="nothing">
        {answered
          ? 'This answer holds no evidence. Ask crossSell, explain or audience for evidence { kind contribution path { label name } }.'
          : 'Run a query that asks for evidence: its paths are drawn here.'}
      </p>
    )
  return (
    <>
      {found.length > 1 && (
        <label className="choose">
          Show
          <select value={chosen.key} onChange={(event) => setKey(event.target.value)}>
            {found.map(({ key, rank, title, score }) => (
              <option key={key} value={key}>{`${rank === null ? '' : `${rank}. `}${title} (${asScore(score)})`}</option>
            ))}
          </select>
        </label>
      )}
      <Reasons key={`${chosen.key} ${chosen.title}`} explained={chosen} />
    </>
  )
}

function Reasons({ explained }: { explained: Explained }) {
  const [lit, setLit] = useState<number | null>(null)
  const [measured, width] = useWidth<HTMLDivElement>()
  return (
    <>
      <h2>{explained.title}</h2>
      {explained.whyNot.map((message) => (
        <p key={message} className="why-not">
          {message}
        </p>
      ))}
      {explained.evidence.length === 0 && <p className="nothing">No path leads from this customer to this product.</p>}
      <div ref={measured}>{width > 0 && <Paths explained={explained} width={width} lit={lit} />}</div>
      <Contributions explained={explained} />
      <ol className="reasons">
        {explained.evidence.map(({ place, kind, contribution, reason }) => (
          <li key={place}>
            <button type="button" aria-pressed={lit === place} onClick={() => setLit(lit === place ? null : place)}>
              <data value={contribution}>{asContribution(contribution)}</data>
              <span>{reason ?? kind}</span>
            </button>
          </li>
        ))}
      </ol>
    </>
  )
}
