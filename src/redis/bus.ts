import { createPubSub } from '@graphql-yoga/subscription'
import type { Redis } from 'ioredis'
import { type Bus, type Message, TOPICS, type Topic, type Topics } from '../events/topics.ts'

const PREFIX = 'alongside:'
/** Where an instance's own subscribers listen: to one id of a topic, or to all of them. */
const place = (topic: Topic, id: string | null) => (id === null ? topic : `${topic}:${id}`)

/** One Redis channel a topic; each instance fans out to its own subscribers by id, before anything is read from the graph. */
export async function createBus(publisher: Redis, subscriber: Redis): Promise<Bus> {
  const local = createPubSub<Record<string, [payload: Topics[Topic]]>>()
  subscriber.on('message', (channel: string, text: string) => {
    const topic = TOPICS.find((known) => PREFIX + known === channel)
    if (!topic) return
    const { id, payload } = JSON.parse(text) as Pick<Message, 'id' | 'payload'>
    local.publish(place(topic, id), payload)
    local.publish(place(topic, null), payload)
  })
  await subscriber.subscribe(...TOPICS.map((topic) => PREFIX + topic))
  return {
    publish: async ({ topic, id, payload }) => {
      await publisher.publish(PREFIX + topic, JSON.stringify({ id, payload }))
    },
    subscribe: <T extends Topic>(topic: T, id: string | null) =>
      local.subscribe(place(topic, id)) as AsyncIterableIterator<Topics[T]>,
  }
}
