import { setMaxListeners } from 'node:events'
import { createPubSub } from '@graphql-yoga/subscription'
import { type Bus, type Message, TOPICS, type Topic, type Topics } from '../events/topics.ts'
import { RedisAway, type RedisClients } from './redis.ts'

const PREFIX = 'alongside:'
/** Where an instance's own subscribers listen: to one id of a topic, or to all of them. */
const place = (topic: Topic, id: string | null) => (id === null ? topic : `${topic}:${id}`)

export type RedisBus = Bus & {
  /** Listening to every topic: until then what is published would not reach this instance's own subscribers. */
  ready(): boolean
  onReady(listener: () => void): void
}

/**
 * One Redis channel a topic; each instance fans out to its own subscribers by id, before anything is read from the graph. A
 * Redis that is away is listened to when it comes, and again whenever it comes back.
 */
export async function createBus({ run, subscriber }: Pick<RedisClients, 'run' | 'subscriber'>): Promise<RedisBus> {
  const listeners: (() => void)[] = []
  let listening = false
  const eventTarget = new EventTarget()
  setMaxListeners(0, eventTarget)
  const local = createPubSub<Record<string, [payload: Topics[Topic]]>>({ eventTarget: eventTarget as never })
  subscriber.on('message', (channel: string, text: string) => {
    const topic = TOPICS.find((known) => PREFIX + known === channel)
    if (!topic) return
    const { id, payload } = JSON.parse(text) as Pick<Message, 'id' | 'payload'>
    local.publish(place(topic, id), payload)
    local.publish(place(topic, null), payload)
  })
  async function listen(): Promise<void> {
    try {
      await subscriber.subscribe(...TOPICS.map((topic) => PREFIX + topic))
      listening = true
      for (const listener of listeners) listener()
    } catch {
      // The connection is made anew, and this runs again.
      subscriber.disconnect(true)
    }
  }
  subscriber.on('ready', () => void listen())
  subscriber.on('close', () => {
    listening = false
  })
  if (subscriber.status === 'ready') await listen()
  return {
    ready: () => listening,
    onReady: (listener) => void listeners.push(listener),
    publish: async ({ topic, id, payload }) => {
      if (!listening) throw new RedisAway()
      await run((redis) => redis.publish(PREFIX + topic, JSON.stringify({ id, payload })))
    },
    subscribe: <T extends Topic>(topic: T, id: string | null) =>
      local.subscribe(place(topic, id)) as AsyncIterableIterator<Topics[T]>,
  }
}
