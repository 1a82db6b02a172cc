import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** What /metrics shows of Kafka, where it is switched on. */
export function createKafkaMetrics(registry: Registry) {
  const registers = [registry]
  const labelNames = ['topic']
  const messages = new Counter({
    name: 'alongside_kafka_messages_total',
    help: 'Messages that were done, by topic and what became of them: accepted, duplicate or rejected.',
    labelNames: ['topic', 'outcome'],
    registers,
  })
  const rejects = new Counter({
    name: 'alongside_kafka_rejects_total',
    help: 'Messages that went to the dead letters, by topic and the code of the reason.',
    labelNames: ['topic', 'code'],
    registers,
  })
  const seconds = new Histogram({
    name: 'alongside_kafka_batch_seconds',
    help: 'From taking a batch of messages until their offsets were committed.',
    labelNames,
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  })
  const size = new Gauge({
    name: 'alongside_kafka_batch_size',
    help: 'How many messages the next batch may hold.',
    labelNames,
    registers,
  })
  const lag = new Gauge({
    name: 'alongside_kafka_lag',
    help: 'Messages not done yet, of the partitions this instance has; NaN while Kafka is away.',
    labelNames,
    registers,
  })
  return {
    batch: (topic: string, took: number, { accepted, duplicates }: { accepted: number; duplicates: number }) => {
      seconds.observe({ topic }, took)
      messages.inc({ topic, outcome: 'accepted' }, accepted)
      messages.inc({ topic, outcome: 'duplicate' }, duplicates)
    },
    refused: (topic: string, code: string) => {
      rejects.inc({ topic, code })
      messages.inc({ topic, outcome: 'rejected' })
    },
    size: (topic: string, count: number) => size.set({ topic }, count),
    /** Asked whenever somebody scrapes. */
    lag: (topics: readonly string[], lagOf: (topic: string) => number | null) => {
      const collect = () => {
        for (const topic of topics) lag.set({ topic }, lagOf(topic) ?? Number.NaN)
      }
      Object.assign(lag, { collect })
    },
  }
}
