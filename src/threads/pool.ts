import { MessageChannel } from 'node:worker_threads'
import { Piscina } from 'piscina'
import type { Neo4jSettings } from '../graph/driver.ts'
import type * as Work from './work.ts'
import type { Progress, TrainTask } from './work.ts'

type Result<K extends keyof typeof Work> = Awaited<ReturnType<(typeof Work)[K]>>

/** What takes long on arrays, away from the event loop: training on a thread of its own, ranking on one that lives as long as the service. */
export type Threads = {
  /** What it learned is in the graph when this resolves. */
  train(task: Omit<TrainTask, 'port'>, onProgress: (progress: Progress) => void): Promise<Result<'train'>>
  rank(question: Parameters<typeof Work.rank>[0]): Promise<Result<'rank'>>
  /** Reads a model's arrays before the first question needs them. */
  load(model: Parameters<typeof Work.load>[0]): Promise<void>
  /** These customers bought something. */
  refresh(what: Parameters<typeof Work.refresh>[0]): Promise<void>
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
        return await pool.run({ ...task, port: port2 } satisfies TrainTask, { name: 'train', transferList: [port2] })
      } finally {
        port1.close()
        running.delete(pool)
        await pool.destroy()
      }
    },
    rank: (question) => ranker().run(question, { name: 'rank' }),
    load: (model) => ranker().run(model, { name: 'load' }),
    refresh: async (what) => {
      if (ranking) await ranking.run(what, { name: 'refresh' })
    },
    stop: async () => {
      await Promise.all([...running].map((pool) => pool.destroy()))
    },
  }
}
