import { type Client, createClient } from 'graphql-ws'
import type { TypedDocumentString } from '../generated/operations.ts'
import { ENDPOINT } from '../graphql.ts'
import { authorization, recheck } from '../session.ts'

export type Connection = 'connecting' | 'open' | 'lost' | 'refused'

export interface Problem {
  code: string | null
  message: string
}
export interface Sink<Data> {
  next(data: Data): void
  /** It will not come by itself: not allowed, not there, or wrong. What passes is tried again unsaid. */
  failed(problem: Problem): void
}
export interface Live {
  readonly connection: () => Connection
  /** How often it has connected: whoever read once reads again at the next. */
  readonly times: () => number
  onChange(listener: () => void): () => void
  /** Goes on through lost connections until it is stopped; a query ends with its answer. */
  follow<Data, Variables extends Record<string, unknown>>(
    document: TypedDocumentString<Data, Variables>,
    variables: Variables,
    sink: Sink<Data>,
  ): () => void
  stop(): void
}

const FORBIDDEN = 4403
const PING_MS = 10_000
const PONG_MS = 5_000
const AGAIN_MS = 1_000
const LONGEST_WAIT_MS = 5_000
const LASTING = ['FORBIDDEN', 'UNAUTHENTICATED', 'NOT_FOUND', 'BAD_USER_INPUT', 'QUERY_TOO_COSTLY']

const isClose = (event: unknown): event is CloseEvent =>
  typeof event === 'object' && event !== null && 'code' in event && 'reason' in event

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

function problemOf(errors: unknown): Problem | undefined {
  const [first] = Array.isArray(errors) ? errors : []
  if (!first) return undefined
  const code = first.extensions?.code
  return { code: typeof code === 'string' ? code : null, message: String(first.message) }
}

/** One socket for the whole page. It comes back by itself, sooner at first, so that a restart is hardly seen. */
export function createLive(token: string): Live {
  let connection: Connection = 'connecting'
  let times = 0
  let pong: ReturnType<typeof setTimeout> | undefined
  const listeners = new Set<() => void>()
  const become = (next: Connection) => {
    connection = next
    if (next === 'open') times++
    for (const listener of listeners) listener()
  }
  const client: Client = createClient({
    url: `${location.origin.replace(/^http/, 'ws')}${ENDPOINT}`,
    connectionParams: authorization(token),
    lazy: false,
    keepAlive: PING_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    // Not all pages of a service that comes back at the same instant.
    retryWait: (retries) => sleep(Math.min(LONGEST_WAIT_MS, 250 * 2 ** retries) * (0.75 + Math.random() / 4)),
    shouldRetry: (event) => !isClose(event) || event.code !== FORBIDDEN,
    onNonLazyError: () => {},
    on: {
      connected: () => become('open'),
      closed: (event) => {
        clearTimeout(pong)
        const refused = isClose(event) && event.code === FORBIDDEN
        become(refused ? 'refused' : 'lost')
        if (refused) recheck()
      },
      // A connection may be gone without anybody having said so.
      ping: (received) => {
        if (!received) pong = setTimeout(() => client.terminate(), PONG_MS)
      },
      pong: (received) => {
        if (received) clearTimeout(pong)
      },
    },
  })

  const follow: Live['follow'] = (document, variables, sink) => {
    let stopped = false
    let end = () => {}
    let timer: ReturnType<typeof setTimeout> | undefined
    const query = document.toString()
    const again = () => {
      if (!stopped) timer = setTimeout(begin, AGAIN_MS)
    }
    const trouble = (errors: unknown) => {
      const problem = problemOf(errors)
      if (problem && LASTING.includes(problem.code ?? '')) sink.failed(problem)
      else again()
    }
    const isQuery = query.trimStart().startsWith('query')
    const begin = () => {
      let answered = false
      end = client.subscribe<never>(
        { query, variables },
        {
          next: ({ data, errors }) => {
            if (stopped) return
            answered = !errors
            if (data) sink.next(data)
            else trouble(errors)
          },
          error: (error) => {
            if (!stopped && connection !== 'refused') trouble(error)
          },
          complete: () => {
            if (!isQuery || !answered) again()
          },
        },
      )
    }
    begin()
    return () => {
      stopped = true
      clearTimeout(timer)
      end()
    }
  }

  return {
    connection: () => connection,
    times: () => times,
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    follow,
    stop: () => {
      listeners.clear()
      clearTimeout(pong)
      void client.dispose()
    },
  }
}
