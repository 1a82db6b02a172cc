import type { Example } from './examples.ts'

/** What a campaign decided, did and is doing. */
export const CAMPAIGN_EXAMPLES: readonly Example[] = [
  {
    question: 'What did the campaign decide about this customer?',
    field: 'decision',
    root: 'query',
    query: `# Null until buildAudience has decided about them
query Decided($campaignId: ID!, $customerId: ID!) {
  decision(campaignId: $campaignId, customerId: $customerId) {
    arm
    reasons
    channel
    at
    offers {
      score
      reason
      product {
        name
      }
    }
  }
}
`,
    variables: ({ campaignId, decidedCustomerId }) => ({ campaignId, customerId: decidedCustomerId }),
  },
  {
    question: 'What did the campaign change?',
    field: 'campaignPerformance',
    root: 'query',
    query: `# Treated against holdout, with the interval; the note says why there is none
query Performance($campaignId: ID!) {
  campaignPerformance(campaignId: $campaignId) {
    treated
    holdout
    revenue
    funnel {
      type
      channel
      customers
    }
    uplift {
      difference
      low
      high
      method
      preliminary
      neededPerArm
    }
    note
  }
}
`,
    variables: ({ campaignId }) => ({ campaignId }),
  },
  {
    question: 'What happens in the campaign?',
    field: 'campaignActivity',
    root: 'subscription',
    query: `# Each as it is recorded, until stopped
subscription Activity($campaignId: ID!) {
  campaignActivity(campaignId: $campaignId) {
    cursor
    dropped
    interaction {
      type
      channel
      customerId
      at
    }
  }
}
`,
    variables: ({ campaignId }) => ({ campaignId }),
  },
]
