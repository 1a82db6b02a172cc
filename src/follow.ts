import type { Bus, Topic, Topics } from './events/topics.ts'
import type { ModelService } from './modules/model/model.service.ts'
import type { Keeper } from './modules/snapshot/keeper.ts'
import type { Threads } from './threads/pool.ts'

/** What an instance does of its own accord when it hears of a change, made here or elsewhere. Each answers how to stop. */

type Stop = () => Promise<unknown>
type OnError = (error: unknown) => void

/** Orders come in batches: what the ranking knows of their customers is read again together. */
const REFRESH_MS = 200
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

/** Keeps what is known of customers up to date: those who bought something are read again, and their offers computed anew. */
export function followOrders(
  bus: Pick<Bus, 'subscribe'>,
  { threads, keeper }: { threads: Pick<Threads, 'refresh'>; keeper: Pick<Keeper, 'changed'> },
  onError: OnError,
): Stop {
  const waiting = new Set<string>()
  let reading: NodeJS.Timeout | undefined
  const read = () => {
    reading = undefined
    const customerIds = [...waiting]
    waiting.clear()
    threads
      .refresh({ customerIds })
      .then(() => customerIds.forEach(keeper.changed))
      .catch(onError)
  }
  const hear = ({ customerId }: Topics['orderRecorded']) => {
    waiting.add(customerId)
    reading ??= setTimeout(read, REFRESH_MS)
  }
  const stop = follow(bus, 'orderRecorded', hear, onError)
  return async () => {
    clearTimeout(reading)
    await stop()
  }
}

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
