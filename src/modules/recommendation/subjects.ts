import { allPages } from '../../graph/pages.ts'
import type { Graph } from '../../graph/query.ts'
import type { Start } from './kinds/kind.ts'
import { inParts } from './kinds/shelf.ts'
import { type Loaded, type Question, toStart } from './ranker.ts'
import { type NameOf, toSubjectOf } from './subject.ts'

/** A customer as paths start there. */
export type Known = {
  customerId: string
  start: Start
  /** Of each item of the start, whether it was bought: others were only looked at. */
  bought: Uint8Array
  /** Has neither bought nor looked at anything. */
  newcomer: boolean
}

const PAGE = 100
const UNKNOWN = { name: '', department: null, category: null, type: null }

export type Subjects = ReturnType<typeof createSubjects>

/**
 * Everyone who may be offered something, kept in memory for one model: what has changed in the graph is read again each time, the
 * rest is not. Memory: some 30 bytes a customer and product they own.
 */
export function createSubjects(graph: Graph) {
  const known = new Map<string, Known & { mark: string }>()
  let of = ''
  let reading: Promise<unknown> = Promise.resolve()

  async function read({ world, facts, parameters }: Loaded, model: Question['model']): Promise<Known[]> {
    // Paths start at what the model knows, which knows its names.
    const nameOf: NameOf = (id) => facts[world.itemAt.get(id) ?? -1] ?? UNKNOWN
    if (of !== model.id) known.clear()
    of = model.id
    const all = await allPages((after, limit) => graph.query('audience/marks', { after, limit }))
    const markOf = new Map(all.map(({ id, mark }) => [id, mark]))
    for (const id of known.keys()) if (!markOf.has(id)) known.delete(id)
    const changed = all.filter(({ id, mark }) => known.get(id)?.mark !== mark)
    const { halfLifeDays, repeatHalfLifeDays } = parameters
    for (const part of inParts(changed, PAGE)) {
      const customerIds = part.map(({ id }) => id)
      const asked = { customerIds, asOf: model.asOf, halfLifeDays, repeatHalfLifeDays }
      for (const row of await graph.query('recommendation/subjects', asked)) {
        const { customerId, own, ...rest } = toSubjectOf(row, nameOf, parameters)
        const inWorld = own.filter(({ id }) => world.itemAt.has(id))
        known.set(customerId, {
          customerId,
          mark: markOf.get(customerId)!,
          start: toStart(world, { customerId, own: inWorld, ...rest }),
          bought: Uint8Array.from(inWorld, ({ times }) => (times > 0 ? 1 : 0)),
          newcomer: own.length === 0,
        })
      }
    }
    return all.flatMap(({ id }) => known.get(id) ?? [])
  }

  /** One at a time: who asks second finds what the first has read. */
  return (trained: Loaded, model: Question['model']): Promise<Known[]> => {
    const next = reading.then(() => read(trained, model))
    reading = next.catch(() => {})
    return next
  }
}
