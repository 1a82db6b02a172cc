import { ProduceAcks, Producer } from '@platformatic/kafka'
import type { ErrorCode } from '../../errors.ts'
import { clientOptions, DEAD_LETTERS, type KafkaSettings, quietly, REPLY_MS, within } from './client.ts'
import type { Received } from './session.ts'

/** Why a message was not taken. */
export type Refused = { message: Received; code: ErrorCode; reason: string }
export type DeadLetters = ReturnType<typeof createDeadLetters>

const MAX_REASON = 1_000
const HEADER = 'alongside-'

/** Messages that can't be taken, put by for people to look at and `npm run replay` to put back. */
export function createDeadLetters(settings: KafkaSettings) {
  const producer = createProducer(settings)
  return {
    /** Ends once the brokers have stored them. */
    send: (refused: readonly Refused[]) =>
      sendAll(
        producer,
        refused.map(({ message, code, reason }) => ({
          topic: settings.prefix + DEAD_LETTERS,
          key: message.key,
          value: message.value,
          headers: new Map([
            ...foreignHeaders(message),
            ...Object.entries({
              code,
              reason: reason.slice(0, MAX_REASON),
              topic: message.topic,
              partition: message.partition,
              offset: message.offset,
            }).map(([name, text]) => [Buffer.from(HEADER + name), Buffer.from(String(text))] as const),
          ]),
        })),
      ),
    close: () => quietly(producer.close()),
  }
}

export const createProducer = (settings: KafkaSettings) =>
  new Producer({ ...clientOptions(settings), acks: ProduceAcks.ALL })

type Outgoing = Parameters<Producer['send']>[0]['messages']
export const sendAll = async (producer: Producer, messages: Outgoing): Promise<void> => {
  if (messages.length > 0) await within(REPLY_MS, producer.send({ messages }))
}

/** The headers a message came with, without those that were put on it here. */
export const foreignHeaders = ({ headers }: Pick<Received, 'headers'>): [Buffer, Buffer][] =>
  headers.filter(([name]) => !name.toString().startsWith(HEADER))

/** Where a dead letter came from and why it is one. Null when it was not put there by this service. */
export function letterOf({ headers }: Pick<Received, 'headers'>) {
  const texts = new Map(headers.map(([name, value]) => [name.toString(), value.toString()]))
  const [topic, code, partition] = ['topic', 'code', 'partition'].map((name) => texts.get(HEADER + name))
  if (!topic || !code || !/^\d+$/.test(partition ?? '')) return null
  return { topic, code, partition: Number(partition) }
}
