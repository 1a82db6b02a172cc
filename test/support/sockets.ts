import { type Client, type ClientOptions, createClient } from 'graphql-ws'
import WebSocket from 'ws'
import type { TestApp } from './app.ts'

export type Closed = { code: number; reason: string }

/** A socket that connects at once and never again; `closed` tells how it ended. */
export function connectTo(
  to: Pick<TestApp, 'url'>,
  token?: string,
  webSocketImpl: unknown = WebSocket,
  params: object = {},
): { client: Client; closed: Promise<Closed> } {
  let onClosed: (closed: Closed) => void
  const closed = new Promise<Closed>((resolve) => {
    onClosed = resolve
  })
  const client = createClient({
    url: `${to.url.replace('http', 'ws')}/graphql`,
    webSocketImpl,
    retryAttempts: 0,
    lazy: false,
    onNonLazyError: () => {},
    connectionParams: { ...params, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    on: { closed: (event) => onClosed(event as Closed) } satisfies ClientOptions['on'],
  })
  return { client, closed }
}

export type Result = {
  data?: unknown
  errors?: readonly { message: string; extensions?: { code?: string; requestId?: string } }[]
}

/** The first thing an operation brings: a result, or the errors that refused it. */
export function firstOf(client: Client, query: string, variables: Record<string, unknown> = {}): Promise<Result> {
  return new Promise((resolve, reject) => {
    let first: Result | undefined
    const stop = client.subscribe(
      { query, variables },
      {
        next: (result) => {
          first ??= result as Result
          // Not at once: its "complete" may be in the same packet, and a client that hears both counts it twice and closes.
          setImmediate(stop)
        },
        error: (error) => (Array.isArray(error) ? resolve({ errors: error }) : reject(error)),
        complete: () => (first ? resolve(first) : reject(new Error('It ended without a result'))),
      },
    )
  })
}
