/**
 * Every topic: its name -> an id to filter by and a tiny payload. Publisher and subscriber share this map. Payloads carry ids
 * and ISO strings only; whoever hears one reads the graph for what it may see.
 */
export type Topics = {
  /** id: the customer's. */
  orderRecorded: { orderId: string; customerId: string }
  /** id: the revocation's, "subject:…" or "token:…". */
  tokensRevoked: { id: string; at: string }
  /** id: the model's. Its status, or how far its training is. */
  modelChanged: { modelId: string }
  /** id: the campaign's. What it says or how far it is. */
  campaignChanged: { campaignId: string }
  /** id: the campaign's. `number`: of all that is kept; it grows in the order things are told in. */
  interactionRecorded: { interactionId: string; campaignId: string; number: number }
  /** id: relay. Something waits to be published; or nobody publishes now. */
  outbox: { released: boolean }
}
export type Topic = keyof Topics

export const TOPICS = [
  'orderRecorded',
  'tokensRevoked',
  'modelChanged',
  'campaignChanged',
  'interactionRecorded',
  'outbox',
] as const satisfies readonly Topic[]

/** Numbered and kept for KEPT_SECONDS after it was told, for whoever comes back. */
export const KEPT: ReadonlySet<string> = new Set<Topic>(['interactionRecorded'])
export const KEPT_SECONDS = 3_600

export type Message<T extends Topic = Topic> = { topic: T; id: string; payload: Topics[T] }

/** What carries messages to every instance; at most once. */
export type Bus = {
  publish(message: Message): Promise<void>
  /** Messages of a topic from now on, of one id or (null) of all. */
  subscribe<T extends Topic>(topic: T, id: string | null): AsyncIterableIterator<Topics[T]>
}

/** A row of the outbox, by events/write-all. */
export const interactionRecorded = (payload: Omit<Topics['interactionRecorded'], 'number'>) => ({
  id: crypto.randomUUID(),
  topic: 'interactionRecorded' satisfies Topic,
  key: payload.campaignId,
  payload,
})
