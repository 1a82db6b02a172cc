import type { Bus } from '../../events/topics.ts'
import { createWatch, type Watch } from '../../events/watch.ts'
import type { Graph } from '../../graph/query.ts'
import type { ConsentService } from '../consent/consent.service.ts'
import type { ModelService } from '../model/model.service.ts'
import type { Pulse } from './pulse.type.ts'

const SECOND = 1_000
const RATE_SECONDS = 10
const COUNTS_MS = 30_000
const RISING_MS = 300_000
const RUNNING = 20
const RISING = { days: 7, minCustomers: 5, first: 5 }

type Parts = {
  graph: Graph
  bus: Pick<Bus, 'subscribe'>
  consent: Pick<ConsentService, 'cappedCustomers'>
  models: Pick<ModelService, 'active' | 'get'>
  onError: (error: unknown) => void
}

/** How the service does, once a second; computed once for all who watch, and not at all while nobody does. */
export function watchPulse({ graph, bus, consent, models, onError }: Parts): Watch<Pulse> {
  const rate = createRate()
  const counts = keptFor(COUNTS_MS, onError, async () => {
    const [capped, suppressed] = await Promise.all([consent.cappedCustomers(), graph.query('pulse/suppressed', {})])
    return { capped, suppressed: suppressed!.entries }
  })
  const rising = keptFor(RISING_MS, onError, async () => {
    const rows = await graph.query('pulse/rising', RISING)
    return rows.map((row) => ({ ...row, medianDays: null }))
  })
  return createWatch({
    everyMs: SECOND,
    onError,
    compute: async () => {
      const [waiting, active, running, { capped, suppressed }, pairs] = await Promise.all([
        graph.query('events/waiting', {}),
        models.active(),
        graph.query('pulse/running', { first: RUNNING }),
        counts(),
        rising(),
      ])
      return {
        at: new Date().toISOString(),
        ordersPerSecond: rate.perSecond(),
        ingestLagSeconds: waiting!.seconds,
        capped,
        suppressed,
        rising: pairs,
        runningIds: running.map(({ id }) => id),
        activeModel: active && (await models.get(active.id)),
      }
    },
    listen: (_key, wake) => {
      const orders = bus.subscribe('orderRecorded', null)
      const count = async () => {
        for await (const _ of orders) rate.count()
      }
      count().catch(onError)
      const timer = setInterval(wake, SECOND)
      return () => {
        clearInterval(timer)
        rate.reset()
        void orders.return?.()
      }
    },
  })
}

/** Of what happened in the last seconds, or since counting began, where that is later. */
function createRate() {
  let since: number | null = null
  let times: number[] = []
  return {
    count: () => void times.push(performance.now()),
    perSecond: () => {
      const now = performance.now()
      since ??= now
      times = times.filter((at) => at > now - RATE_SECONDS * SECOND)
      return times.length / Math.min(RATE_SECONDS, Math.max(1, (now - since) / SECOND))
    },
    reset: () => {
      since = null
      times = []
    },
  }
}

/** The first is waited for; later ones are worked out beside, while the last is still told. */
function keptFor<T>(ms: number, onError: (error: unknown) => void, read: () => Promise<T>): () => Promise<T> {
  let kept: { value: T; until: number } | null = null
  let reading: Promise<T> | null = null
  return () => {
    if (kept && performance.now() < kept.until) return Promise.resolve(kept.value)
    reading ??= read()
      .then((value) => {
        kept = { value, until: performance.now() + ms }
        return value
      })
      .finally(() => {
        reading = null
      })
    if (!kept) return reading
    reading.catch(onError)
    return Promise.resolve(kept.value)
  }
}
