import { derivedFacts } from './derived.ts'

derivedFacts(10_000)
