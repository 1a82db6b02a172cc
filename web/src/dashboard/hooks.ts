import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { TypedDocumentString } from '../generated/operations.ts'
import type { Connection, Live, Problem } from './live.ts'

export const LiveContext = createContext<Live | null>(null)

export function useLive(): Live {
  const live = useContext(LiveContext)
  if (!live) throw new Error('No connection above this')
  return live
}

export const useConnection = (live: Live): Connection => useSyncExternalStore(live.onChange, live.connection)

export type Stream<Value> =
  | { state: 'loading'; value: Value }
  | { state: 'live'; value: Value }
  | { state: 'failed'; value: Value; problem: Problem }

/** Drawn at most so often, however much arrives. */
const DRAW_MS = 250

/** What `reduce` makes of all that arrives. `document`, `reduce` and `first` are expected to be the same each time. */
export function useStream<Data, Variables extends Record<string, unknown>, Value>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  reduce: (value: Value, arrived: readonly Data[]) => Value,
  first: Value,
): Stream<Value> {
  const live = useLive()
  const [stream, setStream] = useState<Stream<Value>>({ state: 'loading', value: first })
  // By what they hold: an object written out anew at each drawing must not subscribe anew.
  const text = JSON.stringify(variables)
  const same = useMemo(() => JSON.parse(text) as Variables, [text])
  useEffect(() => {
    let arrived: Data[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const draw = () => {
      timer = undefined
      const taken = arrived
      arrived = []
      setStream(({ value }) => ({ state: 'live', value: reduce(value, taken) }))
    }
    setStream({ state: 'loading', value: first })
    const stop = live.follow(document, same, {
      next: (data) => {
        arrived.push(data)
        timer ??= setTimeout(draw, DRAW_MS)
      },
      failed: (problem) => setStream(({ value }) => ({ state: 'failed', value, problem })),
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [live, document, same, reduce, first])
  return stream
}

/** Asked once, and again whenever the connection came back: what happened in between was told to nobody. */
export function useAnswer<Data>(document: TypedDocumentString<Data, Record<string, never>>): Stream<Data | null> {
  const live = useLive()
  const times = useSyncExternalStore(live.onChange, live.times)
  const [stream, setStream] = useState<Stream<Data | null>>({ state: 'loading', value: null })
  // biome-ignore lint/correctness/useExhaustiveDependencies: each connection asks anew
  useEffect(
    () =>
      live.follow(
        document,
        {},
        {
          next: (value) => setStream({ state: 'live', value }),
          failed: (problem) => setStream(({ value }) => ({ state: 'failed', value, problem })),
        },
      ),
    [live, document, times],
  )
  return stream
}
