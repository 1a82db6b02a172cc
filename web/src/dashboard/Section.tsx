import type { ReactNode } from 'react'
import type { Stream } from './hooks.ts'

interface Props<Value> {
  title: string
  wide?: boolean
  stream: Stream<Value>
  /** What to say while there is nothing to show. */
  empty: string
  isEmpty: (value: Value) => boolean
  children: (value: Value) => ReactNode
}

/** A part of the page in whichever state it is: loading, empty, failed, or full. A failure keeps what was last known. */
export function Section<Value>({ title, wide, stream, empty, isEmpty, children }: Props<Value>) {
  const nothing = isEmpty(stream.value)
  return (
    <section
      className={wide ? 'part wide' : 'part'}
      aria-label={title}
      data-state={nothing && stream.state === 'live' ? 'empty' : stream.state}
    >
      <h2>{title}</h2>
      {stream.state === 'failed' && (
        <p className="problem">
          {stream.problem.code === 'FORBIDDEN' ? 'Your role may not see this.' : stream.problem.message}
        </p>
      )}
      {stream.state === 'loading' && nothing && <p className="quiet">Waiting for the service…</p>}
      {stream.state === 'live' && nothing && <p className="quiet">{empty}</p>}
      {!nothing && children(stream.value)}
    </section>
  )
}
