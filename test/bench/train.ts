import { loadJourney } from '../../src/ingest/load.ts'
import { createModelService } from '../../src/modules/model/model.service.ts'
import { PARAMETERS } from '../../src/modules/model/parameters.ts'
import { readData } from '../../src/modules/recommendation/data.ts'
import { createTrainer } from '../../src/modules/recommendation/trainer.ts'
import { createThreads } from '../../src/threads/pool.ts'
import { type Bench, summary } from './bench.ts'

/** Training all kinds, and BOUGHT_WITH alone, beside the bare reading of what both learn from. */
export default async function train({ graph, neo4j, dataDir, sample, row, note }: Bench): Promise<void> {
  await loadJourney(graph, { dataDir: dataDir ?? sample })
  const threads = createThreads(neo4j)
  try {
    const models = createModelService({ graph, trainer: createTrainer(graph, threads.train) })
    const timed = async (work: () => Promise<unknown>) => {
      const started = performance.now()
      await work()
      return [performance.now() - started]
    }
    const until = new Date('2100-01-01')
    const reading = await timed(() => readData(graph, { until, asOf: new Date('2018-01-01') }, PARAMETERS))
    row(summary('reading what is learned from', reading))
    for (const kinds of [undefined, ['BOUGHT_WITH']]) {
      const took = await timed(() => models.train(kinds ? { kinds } : {}))
      row(summary(kinds ? `training ${kinds} alone` : 'training all kinds', took, reading))
      note(`${kinds ?? 'All kinds'}: ${JSON.stringify((await models.list(1))[0]!.metrics)}`)
    }
    note(`Resident memory of this process, threads included: ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB`)
  } finally {
    await threads.stop()
  }
}
