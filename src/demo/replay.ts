import { setTimeout as sleep } from 'node:timers/promises'
import type { Happened } from './history.ts'

/** Events a request. */
const BATCH = 100
/** What has become due is sent this often. */
const TICK_MS = 250
const AGAIN_MS = 1_000
const WEEK_MS = 7 * 86_400_000
const PASSING = ['UNAVAILABLE', 'RATE_LIMITED', 'OVERLOADED']

const RESULT = '{ accepted duplicates rejected { id message } }'
const MUTATIONS = {
  orders: `mutation ($orders: [OrderInput!]!) { recordOrders(orders: $orders) ${RESULT} }`,
  interactions: `mutation ($interactions: [InteractionInput!]!) { recordInteractions(interactions: $interactions) ${RESULT} }`,
}
const NEWEST = '{ orders(sort: [{ placedAt: DESC }], limit: 1) { placedAt } }'

export type Recorded = { accepted: number; duplicates: number; rejected: { id: string; message: string }[] }
export type ReplayOptions = {
  url: string
  token: (role: 'INGEST' | 'MARKETER') => Promise<string>
  /** Oldest first. */
  events: readonly Happened[]
  since: Date
  weeksAMinute: number
  /** `share`: of the events, 0 to 1; `at`: up to when all has been sent. */
  onProgress: (progress: { share: number; at: Date; recorded: Recorded }) => void
  signal: AbortSignal
}

/**
 * Sends what happened through the public API, in the order and, at a chosen speed, at the distances it happened in. It continues with
 * the newest order there is: what was sent before is not sent again, but for the events of that instant, which changes nothing.
 * @returns null when the signal ended it.
 */
export async function replay(options: ReplayOptions): Promise<Recorded | null> {
  const { events, since, weeksAMinute, onProgress, signal } = options
  const recorded: Recorded = { accepted: 0, duplicates: 0, rejected: [] }
  try {
    const { orders } = await ask<{ orders: { placedAt: string }[] }>(options, 'MARKETER', NEWEST)
    const from = Math.max(since.getTime(), ...orders.map(({ placedAt }) => Date.parse(placedAt)))
    const started = performance.now()
    const perMs = (weeksAMinute * WEEK_MS) / 60_000
    let next = events.findIndex(({ at }) => at.getTime() >= from)
    while (next !== -1 && next < events.length) {
      signal.throwIfAborted()
      const now = from + (performance.now() - started) * perMs
      const due = events.slice(next, next + BATCH).filter(({ at }) => at.getTime() <= now)
      if (due.length === 0) {
        await sleep(TICK_MS, undefined, { signal })
        continue
      }
      // In this order: whoever continues with the newest order has sent every interaction before it.
      for (const kind of ['interactions', 'orders'] as const) {
        const items = due.filter((event) => event.kind === kind).map(({ item }) => item)
        if (items.length > 0) add(recorded, await ask(options, 'INGEST', MUTATIONS[kind], { [kind]: items }))
      }
      next += due.length
      onProgress({ share: next / events.length, at: due.at(-1)!.at, recorded })
    }
    return recorded
  } catch (error) {
    if (signal.aborted) return null
    throw error
  }
}

function add(to: Recorded, answer: Record<string, Recorded>): void {
  for (const { accepted, duplicates, rejected } of Object.values(answer)) {
    to.accepted += accepted
    to.duplicates += duplicates
    to.rejected.push(...rejected)
  }
}

/** Again after what passes by itself: sending twice changes nothing. @throws what the service said otherwise. */
async function ask<T>(
  { url, token, signal }: ReplayOptions,
  role: 'INGEST' | 'MARKETER',
  query: string,
  variables: object = {},
): Promise<T> {
  for (;;) {
    // Not given the signal: what is under way is finished.
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await token(role)}` },
      body: JSON.stringify({ query, variables }),
    })
    type Failure = { message: string; extensions: { code: string; retryAfter?: number } }
    const { data, errors } = (await response.json()) as { data: T; errors?: Failure[] }
    if (!errors) return data
    const [{ message, extensions }] = errors as [Failure]
    if (!PASSING.includes(extensions.code)) throw new Error(`The service answered ${extensions.code}: ${message}`)
    await sleep((extensions.retryAfter ?? 0) * 1_000 || AGAIN_MS, undefined, { signal })
  }
}
