import { notFound } from '../../errors.ts'
import type { Language } from '../../generated/enums.ts'
import type { Graph } from '../../graph/query.ts'
import type { ModelService } from '../model/model.service.ts'
import type { RecommendationService } from '../recommendation/recommendation.service.ts'
import type { Who, WhoQuestion } from '../recommendation/who-for.ts'
import type { Audience } from './audience.type.ts'
import { inBatches } from './in-batches.ts'
import { textsIn } from './texts.ts'

/** Customers whose paths are read at a time. */
const AT_ONCE = 4

type Parts = {
  graph: Graph
  models: Pick<ModelService, 'serving'>
  recommendation: Pick<RecommendationService, 'pathsTo'>
  /** Scores everyone for a product; on arrays, away from the event loop. */
  who: (question: WhoQuestion) => Promise<Who>
}

/** Who for this product: everyone who does not own it, by the score crossSell gives it. */
export const createByProduct =
  ({ graph, models, recommendation, who }: Parts) =>
  async (asked: { productId: string; first: number; language: Language }, signal: AbortSignal): Promise<Audience> => {
    const { productId, first, language } = asked
    const { id, asOf, parameters, kinds, weights } = await models.serving(null, signal)
    const [product] = await graph.query('recommendation/products', { productIds: [productId], model: id }, { signal })
    if (!product) throw notFound('Product', productId)
    const say = textsIn(language)
    if (!product.merchandise || !product.active) return { total: 0, members: [], note: say.notOffered(product.name) }
    const weigh = (question: 'crossSell' | 'newcomer') => ({
      weights: weights[question],
      trendPower: parameters.trend.power[question] ?? 0,
    })
    const { total, members } = await who({
      model: { id, asOf, parameters, kinds },
      productId,
      first,
      weights: { crossSell: weigh('crossSell'), newcomer: weigh('newcomer') },
    })
    const pathsOf = inBatches(AT_ONCE, (ids) =>
      Promise.all(
        ids.map((customerId) => recommendation.pathsTo(productId, { customerId, model: id, language }, signal)),
      ),
    )
    return {
      total,
      members: members.map(({ customerId, score }) => ({ customerId, score, paths: () => pathsOf(customerId) })),
      note: total > 0 ? null : say.noPath(product.name),
    }
  }
