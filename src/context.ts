import type { Driver, SessionConfig } from 'neo4j-driver'
import type { FieldUses } from './access/field-uses.ts'
import type { Services } from './app.ts'
import { bearer, type TokenSettings, type Viewer, verifyToken } from './auth/viewer.ts'
import type { Graph } from './graph/query.ts'
import type { Logger } from './observability/logger.ts'

/** Made afresh for every operation, over HTTP and over a socket. */
export type Context = {
  viewer: Viewer | null
  services: Services
  uses: Pick<FieldUses, 'count'>
  /**
   * Aborted when whoever asked is gone. Reads end with it. Writes are not given it: whoever left would send the batch again, and
   * one that has been written is answered as duplicates, where one that was broken off is work done twice.
   */
  signal: AbortSignal
  requestId: string
  startedAt: number
  log: Logger
  /** For the generated reads. */
  executionContext: Driver
  sessionConfig: SessionConfig
}

export type ContextParts = Pick<Context, 'services' | 'uses' | 'sessionConfig' | 'log'> & {
  graph: Pick<Graph, 'generatedReads'>
  tokens: TokenSettings
}

/** @throws UNAUTHENTICATED when there is a token and it is not good; without one the viewer is null. */
export async function viewerOf(authorization: unknown, tokens: TokenSettings): Promise<Viewer | null> {
  const token = bearer(authorization)
  return token ? verifyToken(token, tokens) : null
}

export function createContext(parts: ContextParts, viewer: Viewer | null, signal: AbortSignal): Context {
  const requestId = crypto.randomUUID()
  const { services, uses, sessionConfig, graph, log } = parts
  const executionContext = graph.generatedReads(signal)
  return {
    services,
    uses,
    sessionConfig,
    executionContext,
    viewer,
    signal,
    requestId,
    startedAt: performance.now(),
    log: log.child({ requestId }),
  }
}
