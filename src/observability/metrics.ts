import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { LIMITS } from '../graph/driver.ts'
import type { Observation } from '../graph/query.ts'
import { createOperationNames, type OperationLabels } from './operations.ts'

export type Metrics = ReturnType<typeof createMetrics>

/** What /metrics shows. Labels are names of files, operations and codes; never an id. */
export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
  const statements = new Histogram({
    name: 'alongside_statement_seconds',
    help: 'Duration of a Cypher statement, by the name of its file.',
    labelNames: ['statement', 'outcome'],
    buckets,
    registers,
  })
  const rows = new Counter({
    name: 'alongside_statement_rows_total',
    help: 'Rows that statements returned, by the name of their file.',
    labelNames: ['statement'],
    registers,
  })
  const retries = new Counter({
    name: 'alongside_statement_retries_total',
    help: 'Transactions run again after a transient failure (a deadlock, say), by the statement that failed or "commit".',
    labelNames: ['statement'],
    registers,
  })
  const operations = new Histogram({
    name: 'alongside_operation_seconds',
    help: 'Duration of a GraphQL operation, by its root field and outcome.',
    labelNames: ['operation', 'outcome'],
    buckets,
    registers,
  })
  const requests = new Counter({
    name: 'alongside_requests_total',
    help: 'GraphQL operations by the name their client gave them (at most 100, then "other") and outcome.',
    labelNames: ['name', 'outcome'],
    registers,
  })
  const refusedOperations = new Counter({
    name: 'alongside_refused_operations_total',
    help: 'GraphQL operations turned away before anything of them ran, by the code they were answered.',
    labelNames: ['code'],
    registers,
  })
  const internalErrors = new Counter({
    name: 'alongside_internal_errors_total',
    help: 'Errors answered with INTERNAL: each is in the log, by its request id.',
    registers,
  })
  const inUse = new Gauge({
    name: 'alongside_graph_in_use',
    help: 'Transactions under way or waiting for one of the connections to Neo4j.',
    registers,
  })
  const outboxRows = new Gauge({
    name: 'alongside_outbox_rows',
    help: 'Events that wait to be published; NaN while Neo4j does not tell.',
    registers,
  })
  const outboxLag = new Gauge({
    name: 'alongside_outbox_lag_seconds',
    help: 'How long the oldest of them has been waiting.',
    registers,
  })
  const snapshotQueue = new Gauge({
    name: 'alongside_snapshot_queue',
    help: 'Customers whose kept offers wait to be computed anew, because they bought something or somebody asked.',
    registers,
  })
  const snapshotAge = new Gauge({
    name: 'alongside_snapshot_queue_age_seconds',
    help: 'How long the oldest of them has been waiting.',
    registers,
  })
  const pool = new Gauge({ name: 'alongside_graph_pool_size', help: 'Connections to Neo4j at most.', registers })
  pool.set(LIMITS.pool)
  const sockets = new Gauge({ name: 'alongside_open_sockets', help: 'Open WebSocket connections.', registers })
  const refusals = new Counter({
    name: 'alongside_graph_refusals_total',
    help: 'Times a caller heard UNAVAILABLE: Neo4j away, all connections busy, or the transaction ended.',
    labelNames: ['why'],
    registers,
  })
  const up = new Gauge({
    name: 'alongside_backend_up',
    help: '1 while the backend answers, 0 while it is away.',
    labelNames: ['backend'],
    registers,
  })
  for (const backend of ['neo4j', 'redis']) up.set({ backend }, 1)
  return {
    registry,
    refusal: (why: 'away' | 'busy' | 'ended') => refusals.inc({ why }),
    up: (backend: 'neo4j' | 'redis' | 'kafka', isUp: boolean) => up.set({ backend }, isUp ? 1 : 0),
    statement: ({ statement, seconds, rows: count, outcome }: Observation) => {
      statements.observe({ statement, outcome }, seconds)
      rows.inc({ statement }, count)
    },
    retry: (statement: string) => retries.inc({ statement }),
    operationLabels: createOperationNames(),
    operation: ({ field, name }: OperationLabels, outcome: 'ok' | 'error', seconds: number) => {
      operations.observe({ operation: field, outcome }, seconds)
      requests.inc({ name, outcome })
    },
    internalError: () => internalErrors.inc(),
    refusedOperation: (code: string) => refusedOperations.inc({ code }),
    inUse: (change: 1 | -1) => inUse.inc(change),
    outbox: (waiting: { rows: number; seconds: number } | null) => {
      outboxRows.set(waiting?.rows ?? Number.NaN)
      outboxLag.set(waiting?.seconds ?? Number.NaN)
    },
    /** Asked whenever somebody scrapes. */
    snapshots: (queue: { depth(): number; age(): number }) => {
      Object.assign(snapshotQueue, { collect: () => snapshotQueue.set(queue.depth()) })
      Object.assign(snapshotAge, { collect: () => snapshotAge.set(queue.age()) })
    },
    sockets,
  }
}
