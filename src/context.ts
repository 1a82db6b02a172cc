import { setMaxListeners } from 'node:events'
import type { Driver, SessionConfig } from 'neo4j-driver'
import type { FieldUses } from './access/field-uses.ts'
import type { Services } from './app.ts'
import type { Identity } from './auth/identity.ts'
import { bearer, type Viewer } from './auth/viewer.ts'
import type { Language } from './generated/enums.ts'
import type { Graph } from './graph/query.ts'
import type { Logger } from './observability/logger.ts'
import type { Verdict } from './operations/admission.ts'
import type { Limiter } from './redis/limiter.ts'

/** Made afresh for every operation, over HTTP and over a socket. */
export type Context = {
  viewer: Viewer | null
  identity: Identity
  services: Services
  /**
   * Aborted when whoever asked is gone. Reads end with it. Writes are not given it: whoever left would send the batch again, and
   * one that has been written is answered as duplicates, where one that was broken off is work done twice.
   */
  signal: AbortSignal
  /** What the caller would rather read, where no argument says. */
  language: Language
  /** Of the gate: what may run, or why it can't. */
  verdict: Exclude<Verdict, { kind: 'refused' }>
  requestId: string
  startedAt: number
  log: Logger
  /** For the generated reads. */
  executionContext: Driver
  sessionConfig: SessionConfig
}

export type ContextParts = Pick<Context, 'services' | 'identity' | 'sessionConfig' | 'log'> & {
  uses: Pick<FieldUses, 'count'>
  graph: Pick<Graph, 'generatedReads'>
  limiter: Limiter
}

/** Without a token the viewer is null. @throws UNAUTHENTICATED when there is one and it is not good; UNAVAILABLE when nobody can tell. */
export async function viewerOf(authorization: unknown, identity: Identity): Promise<Viewer | null> {
  const token = bearer(authorization)
  return token ? identity.verify(token) : null
}

export function createContext(
  parts: ContextParts,
  viewer: Viewer | null,
  signal: AbortSignal,
  { verdict, language }: Pick<Context, 'verdict' | 'language'>,
): Context {
  const requestId = crypto.randomUUID()
  // All that runs at once listens to it, on a socket that of all its operations: more than the ten from which on Node warns of a leak.
  setMaxListeners(0, signal)
  const { services, identity, sessionConfig, graph, log } = parts
  const executionContext = graph.generatedReads(signal)
  return {
    services,
    identity,
    sessionConfig,
    executionContext,
    viewer,
    signal,
    verdict,
    language,
    requestId,
    startedAt: performance.now(),
    log: log.child({ requestId }),
  }
}
