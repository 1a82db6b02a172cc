import { createBareSchema } from '../schema.ts'

/** For the code generator: the whole schema, as clients see it. */
export default () => createBareSchema()
