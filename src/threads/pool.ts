import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { DomainError } from '../errors.ts'
import type { Neo4jSettings } from '../graph/driver.ts'
import type * as Work from './work.ts'
import type { Progress, Told, TrainTask } from './work.ts'

type Task = keyof typeof Work
type Answer<K extends Task> = Awaited<ReturnType<(typeof Work)[K]>> extends Told<infer T> ? T : never

/** What takes long on arrays, away from the event loop: training on a thread of its own, ranking on one that lives as long as the service. */
export type Threads = {
  /** What it learned is in the graph when this resolves. */
  train(task: Omit<TrainTask, 'port'>, onProgress: (progress: Progress) => void): Promise<Answer<'train'>>
  rank(question: Parameters<typeof Work.rank>[0]): Promise<Answer<'rank'>>
  propose(ask: Parameters<typeof Work.propose>[0]): Promise<Answer<'propose'>>
  without(doubt: Parameters<typeof Work.without>[0]): Promise<Answer<'without'>>
  who(question: Parameters<typeof Work.who>[0]): Promise<Answer<'who'>>
  /** Reads a model's arrays before the first question needs them. */
  load(model: Parameters<typeof Work.load>[0]): Promise<void>
  stop(): Promise<void>
}

export function createThreads(neo4j: Neo4jSettings): Threads {
  const running = new Set<Piscina>()
  const start = (concurrentTasksPerWorker: number) => {
    const pool = new Piscina({
      filename: new URL('./launch.js', import.meta.url).href,
      minThreads: 1,
      maxThreads: 1,
      concurrentTasksPerWorker,
      // Its connections to Neo4j must be served while it waits for a task.
      atomics: 'disabled',
      workerData: { neo4j },
    })
    running.add(pool)
    return pool
  }
  let ranking: Piscina | null = null
  /** Many at once: a model is read while another answers. */
  const ranker = () => {
    ranking ??= start(1_000)
    return ranking
  }

  return {
    train: async (task, onProgress) => {
      const pool = start(1)
      const { port1, port2 } = new MessageChannel()
      port1.on('message', onProgress)
      try {
        return await run(pool, 'train', { ...task, port: port2 }, [port2])
      } finally {
        port1.close()
        running.delete(pool)
        await pool.destroy()
      }
    },
    rank: (question) => run(ranker(), 'rank', question),
    propose: (ask) => run(ranker(), 'propose', ask),
    without: (doubt) => run(ranker(), 'without', doubt),
    who: (question) => run(ranker(), 'who', question),
    load: (model) => run(ranker(), 'load', model),
    stop: async () => {
      await Promise.all([...running].map((pool) => pool.destroy()))
    },
  }
}

async function run<K extends Task>(
  pool: Piscina,
  name: K,
  task: Parameters<(typeof Work)[K]>[0],
  transferList: MessagePort[] = [],
): Promise<Answer<K>> {
  const told = (await pool.run(task, { name, transferList })) as Told<Answer<K>>
  if ('code' in told) throw new DomainError(told.code, told.message)
  return told.answer
}
