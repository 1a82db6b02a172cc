import { type MessagePort, workerData } from 'node:worker_threads'
import { DomainError, type ErrorCode } from '../errors.ts'
import { createDriver, type Neo4jSettings } from '../graph/driver.ts'
import { createGraph, type Graph } from '../graph/query.ts'
import { learnResponse } from '../modules/audience/learn.ts'
import { type Learning, learn, type Progress } from '../modules/recommendation/learn.ts'
import type { Proposing } from '../modules/recommendation/proposals.ts'
import { createRanker, type Question, type Ranker } from '../modules/recommendation/ranker.ts'
import type { WhoQuestion } from '../modules/recommendation/who-for.ts'
import type { Doubt } from '../modules/recommendation/without.ts'

/** What a thread can be asked. It has a connection of its own: what it reads and writes never passes the event loop of the service. */

let graph: Graph | undefined
const connected = () => {
  const { neo4j } = workerData as { neo4j: Neo4jSettings }
  graph ??= createGraph(createDriver(neo4j), { database: neo4j.database })
  return graph
}
let ranker: Ranker | undefined
const ranking = () => {
  ranker ??= createRanker(connected())
  return ranker
}

export type { Progress }
export type TrainTask = Learning & { port: MessagePort }

export const train = ({ port, ...task }: TrainTask) => {
  const say = (progress: Progress) => port.postMessage(progress)
  const both = async () => {
    say({ doing: 'responses', share: 0 })
    const response = await learnResponse(connected(), task.until)
    return { ...(await learn(connected(), task, say)), response }
  }
  return told(both())
}
export const load = (model: Question['model']) => told(ranking().load(model))
export const rank = (question: Question) => told(ranking().rank(question))
export const propose = (ask: Proposing) => told(ranking().propose(ask))
export const without = (doubt: Doubt) => told(ranking().without(doubt))
export const who = (question: WhoQuestion) => told(ranking().who(question))

/** An error loses its class on the way between threads: one of ours travels as what it says. */
export type Told<T> = { answer: T } | { code: ErrorCode; message: string }

async function told<T>(work: Promise<T>): Promise<Told<T>> {
  try {
    return { answer: await work }
  } catch (error) {
    if (error instanceof DomainError) return { code: error.code, message: error.message }
    throw error
  }
}
