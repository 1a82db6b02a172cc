import { payloads } from '../support/payloads.ts'
import { hostileTexts } from './injection.ts'

const some = payloads(12)

// All 500 are sent by `npm run test:long`. In filters few, about as long as each other: Neo4j plans the others anew.
hostileTexts(some, some.filter((text) => text.length > 10 && text.length <= 100).slice(0, 4))
