import { jsonSchemaOf, type TopicName } from './messages.ts'

/** For the code generator: the JSON Schema of a topic's messages. */
export const plugin = (_schema: unknown, _documents: unknown, { topic }: { topic: TopicName }): string =>
  `${JSON.stringify(jsonSchemaOf(topic), null, 2)}\n`
