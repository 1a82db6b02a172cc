import { type MessagePort, workerData } from 'node:worker_threads'
import { createDriver, type Neo4jSettings } from '../graph/driver.ts'
import { createGraph, type Graph } from '../graph/query.ts'
import { type Learning, learn, type Progress } from '../modules/recommendation/learn.ts'
import { createRanker, type Question, type Ranker } from '../modules/recommendation/ranker.ts'

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

export const train = ({ port, ...task }: TrainTask) =>
  learn(connected(), task, (progress) => port.postMessage(progress))
export const load = (model: Question['model']) => ranking().load(model)
export const rank = (question: Question) => ranking().rank(question)
export const refresh = (what: { customerIds: string[] }) => ranking().refresh(what)
