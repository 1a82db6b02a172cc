import type { Language } from '../../generated/enums.ts'
import { type Proposal, type Proposing, unpack } from './proposals.ts'
import type { Offer } from './recommendation.type.ts'

export type { Proposal, Proposing }
export type ProposalService = ReturnType<typeof createProposalService>

/** What to offer many customers out of some products: worked out on a thread, recorded by whoever asks. */
export const createProposalService = ({ propose }: { propose: (ask: Proposing) => Promise<Proposal[]> }) => ({
  /** In the order of their ids; without who is not known. */
  propose,

  /** What was recorded, as it was then: products by id, evidence that adds up to the score. */
  offersOf: (recorded: string, language: Language, evidence: number): Offer[] => unpack(recorded, language, evidence),
})
