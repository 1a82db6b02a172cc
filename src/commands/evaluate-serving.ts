import type { Evaluated } from '../evaluation/evaluate.ts'
import { loadJourney } from '../ingest/load.ts'
import { createModelService } from '../modules/model/model.service.ts'
import { createRecommendationService } from '../modules/recommendation/recommendation.service.ts'
import { createTrainer } from '../modules/recommendation/trainer.ts'
import { createThreads } from '../threads/pool.ts'
import type { Temporary } from './temporary.ts'

/** Customers whose whole answers are looked at: how much of a score the first evidence covers, and how long an answer takes. */
const ANSWERS = 200

type As = { data: string; cut: Date; kinds: string[] | undefined; say: (doing: string, share: number) => void }

/** The service as of a day: a graph that holds nothing younger, a model learned from it, and the code that answers requests. */
export async function serveAsOf({ graph, neo4j, atEnd }: Temporary, { data, cut, kinds, say }: As) {
  const threads = createThreads(neo4j)
  atEnd(threads.stop)
  const models = createModelService({ graph, trainer: createTrainer(graph, threads.train) })
  const service = createRecommendationService({ graph, models, rank: threads.rank, without: threads.without })
  const { signal } = new AbortController()

  await loadJourney(graph, {
    dataDir: data,
    until: cut,
    onProgress: ({ file, share }) => say(`loading ${file}`, share),
  })
  await assertNothingAfter(graph, cut)
  const started = performance.now()
  const options = kinds ? { until: cut, kinds } : { until: cut }
  await models.activate(await models.train(options, ({ doing, share }) => say(`training ${doing}`, share)))
  const trainSeconds = (performance.now() - started) / 1000

  const ours: Evaluated = {
    name: 'ours',
    crossSell: (customerId, first) => service.shortlist({ customerId, first }, signal),
    nextBasket: (customerId, first) => service.shortlist({ customerId, first, where: { includeOwned: true } }, signal),
    completeBasket: (productIds, customerId, first, { includeOwned }) =>
      service.shortlist({ customerId, productIds, first, where: { includeOwned } }, signal),
  }

  /** Whole answers of some customers, one at a time. @throws when one does not hold what the evaluated list holds. */
  async function ask(customers: string[]) {
    const every = Math.max(1, Math.floor(customers.length / ANSWERS))
    const asked = customers.filter((_, at) => at % every === 0)
    const took: number[] = []
    const three: number[] = []
    const eight: number[] = []
    for (const [at, customerId] of asked.entries()) {
      const started = performance.now()
      const { items } = await service.crossSell({ customerId, first: 10, evidence: 50 }, signal)
      took.push(performance.now() - started)
      const listed = await ours.crossSell!(customerId, 10)
      if (items.map(({ productId }) => productId).join() !== listed.join())
        throw new Error(`crossSell of customer ${customerId} does not answer what was evaluated`)
      for (const { evidence } of items) {
        three.push(covered(evidence, 3))
        eight.push(covered(evidence, 8))
      }
      say('whole answers', (at + 1) / asked.length)
    }
    return {
      trainSeconds: rounded(trainSeconds),
      answerMsMedian: rounded(median(took)),
      shareOfThreeEvidencesMedian: rounded(median(three)),
      shareOfEightEvidencesMedian: rounded(median(eight)),
    }
  }
  return { ours, ask }
}

/** The graph of a cut must not know what came after it: nothing learned could be trusted. */
export async function assertNothingAfter(graph: Temporary['graph'], cut: Date): Promise<void> {
  const latest = (await graph.query('model/data-until', { until: null }))?.latest
  if (latest && Date.parse(latest) >= cut.getTime())
    throw new Error(`The graph holds an order of ${latest}, which is not before the cut ${cut.toISOString()}.`)
}

const covered = (evidence: readonly { share: number }[], first: number) =>
  evidence.slice(0, first).reduce((sum, { share }) => sum + share, 0)

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
const rounded = (value: number) => Math.round(value * 1_000) / 1_000
