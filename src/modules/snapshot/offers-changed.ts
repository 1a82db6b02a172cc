import type { OfferList } from '../recommendation/recommendation.type.ts'
import type { Keeper } from './keeper.ts'

/** A customer's offers whenever others come first, or with other scores, than when they were last told. `ask` gives them as they are. */
export async function offersChanged(
  keeper: Pick<Keeper, 'watch'>,
  customerId: string,
  ask: () => Promise<OfferList>,
): Promise<AsyncIterableIterator<OfferList>> {
  const events = keeper.watch(customerId)
  const end = async () => void (await events.return?.())
  const first = await ask().catch(async (error) => {
    await end()
    throw error
  })
  let last = told(first)
  const changes: AsyncIterableIterator<OfferList> = {
    async next() {
      for (;;) {
        const { done } = await events.next()
        if (done) return { done: true, value: undefined }
        const list = await ask()
        const now = told(list)
        if (now === last) continue
        last = now
        return { done: false, value: list }
      }
    },
    async return(value) {
      await end()
      return { done: true, value }
    },
    [Symbol.asyncIterator]() {
      return changes
    },
  }
  return changes
}

/** To nine digits: sums of the same floats differ in the last ones. */
const told = ({ model, items }: OfferList) =>
  JSON.stringify([model.id, items.map(({ productId, score }) => [productId, score.toPrecision(9)])])
