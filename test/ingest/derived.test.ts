import { derivedFacts } from './derived.ts'

derivedFacts(800)
