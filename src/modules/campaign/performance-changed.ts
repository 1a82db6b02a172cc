import type { Bus, Topic } from '../../events/topics.ts'
import { createWatch, type Watch } from '../../events/watch.ts'
import type { PerformanceService } from './performance.service.ts'
import type { CampaignPerformance } from './performance.type.ts'

const EVERY_MS = 1_000
/** An order may be a conversion of any campaign. */
const ORDERS_MS = 5_000

type Parts = {
  performance: Pick<PerformanceService, 'performance'>
  bus: Pick<Bus, 'subscribe'>
  onError: (error: unknown) => void
}

/** A campaign's performance at once, and again after each change of it, at most once a second. */
export function watchPerformance({ performance, bus, onError }: Parts): Watch<CampaignPerformance> {
  return createWatch({
    everyMs: EVERY_MS,
    onError,
    compute: (campaignId) => performance.performance(campaignId),
    listen: (campaignId, wake) => {
      let ordered: ReturnType<typeof setTimeout> | undefined
      const hear = (topic: Topic, id: string | null, then: () => void) => {
        const events = bus.subscribe(topic, id)
        const listen = async () => {
          for await (const _ of events) then()
        }
        listen().catch(onError)
        return () => void events.return?.()
      }
      const later = () => {
        ordered ??= setTimeout(() => {
          ordered = undefined
          wake()
        }, ORDERS_MS)
      }
      const stops = [
        hear('interactionRecorded', campaignId, wake),
        hear('campaignChanged', campaignId, wake),
        hear('orderRecorded', null, later),
      ]
      return () => {
        clearTimeout(ordered)
        for (const stop of stops) stop()
      }
    },
  })
}
