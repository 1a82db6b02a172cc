import { conditionSchema } from './condition.ts'

/** For the code generator: the JSON Schema of a segment's condition. */
export const plugin = (): string => `${JSON.stringify(conditionSchema(), null, 2)}\n`
