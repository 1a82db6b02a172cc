import { LRUCache } from 'lru-cache'
import { notFound } from '../../errors.ts'
import type { Delivery, Feeds } from '../../events/feed.ts'
import type { Channel, InteractionType } from '../../generated/enums.ts'
import type { Graph } from '../../graph/query.ts'
import { checkId } from '../../input.ts'
import type { Activity, Interaction } from './activity.type.ts'

/** An interaction never changes, but its customer may be erased. */
const REMEMBERED = { max: 1_000, ttl: 5_000 }

export type ActivityService = ReturnType<typeof createActivityService>

export function createActivityService({ graph, feeds }: { graph: Graph; feeds: Pick<Feeds, 'follow'> }) {
  /** All who hear of one at once read it once. */
  const known = new LRUCache<string, Promise<Interaction | null>>(REMEMBERED)

  async function read(id: string): Promise<Interaction | null> {
    const row = await graph.query('campaign/interaction', { id })
    if (!row) return null
    return { ...row, type: row.type as InteractionType, channel: row.channel as Channel | null }
  }

  function interaction(id: string): Promise<Interaction | null> {
    const reading = known.get(id) ?? read(id)
    known.set(id, reading)
    reading.catch(() => known.delete(id))
    return reading
  }

  return {
    /** What happens in a campaign from now on, or after a cursor. @throws NOT_FOUND; BAD_USER_INPUT when what came after the cursor is no longer kept. */
    async follow(campaignId: string, since: string | null): Promise<AsyncIterableIterator<Delivery>> {
      checkId('campaignId', campaignId)
      if (since !== null) checkId('since', since)
      if (!(await graph.query('campaign/exists', { id: campaignId }))) throw notFound('Campaign', campaignId)
      return feeds.follow(campaignId, since)
    },

    async told({ told, cursor, dropped }: Delivery): Promise<Activity> {
      return { cursor, dropped, interaction: await interaction(told.interactionId) }
    },
  }
}
