import { LRUCache } from 'lru-cache'
import { compareText, sortedIds } from '../../batch.ts'
import { notFound } from '../../errors.ts'
import type { Graph, QueryOptions } from '../../graph/query.ts'
import { checkId, checkText } from '../../input.ts'
import { type Condition, parseCondition } from './condition.ts'
import { evaluate } from './evaluate.ts'

export type SegmentGiven = { id?: string | null; name: string; condition: unknown }
export type SegmentService = ReturnType<typeof createSegmentService>

const MAX_NAME = 200
const SAMPLE = 10
/** Walks through the members of segments that go on at once, and for how long the next page of one is waited for. */
const WALKS = 10
const WALK_MS = 600_000
/** The next page, and the last one again for whom it got lost. */
const PLACES = 2

/** Who was in a segment when the walk began, and which pages may be asked for next. */
type Walk = { ids: readonly string[]; places: string[] }

export function createSegmentService({ graph }: { graph: Graph }) {
  /** By the segment and the id that the page before ended with. */
  const walks = new LRUCache<string, Walk>({ max: WALKS * PLACES, ttl: WALK_MS })
  const placeOf = (segmentId: string, after: string) => JSON.stringify([segmentId, after])

  async function conditionOf(id: string): Promise<Condition> {
    checkId('id', id)
    const [found] = await graph.query('segment/conditions', { ids: [id] })
    if (!found) throw notFound('Segment', id)
    return parseCondition(found.condition)
  }

  return {
    /** @returns the id. @throws NOT_FOUND for an id that no segment has, BAD_USER_INPUT that names the part of a condition. */
    async save(given: SegmentGiven): Promise<string> {
      const { name, condition } = checked(given)
      const id = given.id ?? crypto.randomUUID()
      const statement = given.id == null ? 'segment/create' : 'segment/replace'
      if (!(await graph.query(statement, { id, name, condition }))) throw notFound('Segment', id)
      return id
    },

    async preview(given: SegmentGiven, signal?: AbortSignal): Promise<{ size: number; sampleIds: string[] }> {
      const ids = await evaluate(graph, checked(given).condition, { signal }).members()
      return { size: ids.length, sampleIds: ids.slice(0, SAMPLE) }
    },

    /** In the order of the ids. */
    async conditions(ids: readonly string[], signal?: AbortSignal): Promise<unknown[]> {
      const rows = await graph.query('segment/conditions', { ids: sortedIds(ids) }, { signal })
      const byId = new Map(rows.map(({ id, condition }) => [id, condition]))
      return ids.map((id) => byId.get(id) ?? null)
    },

    /** How many customers are in a segment now. @throws NOT_FOUND. */
    count: async (id: string, options: QueryOptions = {}): Promise<number> =>
      evaluate(graph, await conditionOf(id), options).count(),

    /**
     * A page of the members' ids, ascending, after one of them. The first page works out who is in the segment; the pages that follow
     * on it are taken from what was found then, whatever changes meanwhile: each member of that moment is met once. After ten minutes
     * of rest, beyond ten walks at once, or in another process, a page works it out anew, and goes on after the same id. @throws NOT_FOUND.
     */
    async members(id: string, { after, first }: { after?: string; first: number }): Promise<string[]> {
      const known = after === undefined ? undefined : walks.get(placeOf(id, after))
      const { ids, places } = known ?? { ids: await evaluate(graph, await conditionOf(id)).members(), places: [] }
      const page = pageOf(ids, after, first)
      const last = page.at(-1)
      if (last === undefined) return page
      const next = placeOf(id, last)
      walks.set(next, { ids, places })
      if (!places.includes(next)) places.push(next)
      if (places.length > PLACES) walks.delete(places.shift()!)
      return page
    },
  }
}

function checked({ id, name, condition }: SegmentGiven): { name: string; condition: Condition } {
  if (id != null) checkId('id', id)
  checkText('name', name, MAX_NAME)
  return { name, condition: parseCondition(condition) }
}

/** The first of the sorted ids after one. */
function pageOf(ids: readonly string[], after: string | undefined, first: number): string[] {
  let [low, high] = [0, after === undefined ? 0 : ids.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareText(ids[middle]!, after!) > 0) high = middle
    else low = middle + 1
  }
  return ids.slice(low, low + first)
}
