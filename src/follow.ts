import type { Bus, Topic, Topics } from './events/topics.ts'
import type { ModelService } from './modules/model/model.service.ts'
import type { Keeper } from './modules/snapshot/keeper.ts'

/** What an instance does of its own accord when it hears of a change, made here or elsewhere. Each answers how to stop. */

type Stop = () => Promise<unknown>
type OnError = (error: unknown) => void

/** What a killed training left is found this often. */
const TIDY_MS = 30_000

function follow<T extends Topic>(
  bus: Pick<Bus, 'subscribe'>,
  topic: T,
  hear: (payload: Topics[T]) => void,
  onError: OnError,
): Stop {
  const events = bus.subscribe(topic, null)
  const listen = async () => {
    for await (const payload of events) hear(payload)
  }
  listen().catch(onError)
  return async () => events.return?.()
}

/** The offers of those who bought something are computed anew. */
export const followOrders = (bus: Pick<Bus, 'subscribe'>, keeper: Pick<Keeper, 'changed'>, onError: OnError): Stop =>
  follow(bus, 'orderRecorded', ({ customerId }) => keeper.changed(customerId), onError)

/** Has the active model at hand and the one before it, so that neither activation nor rollback makes anybody wait; and tidies up. */
export function followModels(
  bus: Pick<Bus, 'subscribe'>,
  { models, keeper }: { models: ModelService; keeper: Pick<Keeper, 'activated'> },
  onError: OnError,
): Stop {
  let last: string | null = null
  const warm = async () => {
    const active = await models.active()
    if (active === null || active.id === last) return
    last = active.id
    await models.warm(active.id)
    keeper.activated()
    if (active.previousId !== null) await models.warm(active.previousId)
  }
  const changed = () => void warm().catch(onError)
  changed()
  void models.tidy()
  const tidying = setInterval(() => void models.tidy(), TIDY_MS)
  const stop = follow(bus, 'modelChanged', changed, onError)
  return async () => {
    clearInterval(tidying)
    await stop()
  }
}
