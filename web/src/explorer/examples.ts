import { CAMPAIGN_EXAMPLES } from './campaign-examples.ts'
import type { ExampleIds } from './ids.ts'

export interface Example {
  question: string
  field: string
  root: 'query' | 'subscription'
  query: string
  variables: (ids: ExampleIds) => Record<string, string>
}

export const EXAMPLES: readonly Example[] = [
  {
    question: 'What do I offer this customer, and why?',
    field: 'crossSell',
    root: 'query',
    query: `# score = the contributions below + otherContribution
query WhatDoIOffer($customerId: ID!) {
  crossSell(customerId: $customerId, first: 5, evidence: 3) {
    asOf
    note
    items {
      rank
      score
      reason
      product {
        id
        name
        brand
      }
      evidence {
        kind
        contribution
        share
        reason
        path {
          label
          name
          relationship
          direction
        }
        support {
          orders
          confidence
          lift
        }
      }
      otherContribution
    }
  }
}
`,
    variables: ({ customerId }) => ({ customerId }),
  },
  {
    question: 'Why this product, or why not?',
    field: 'explain',
    root: 'query',
    query: `# Works for any customer and any product.
query WhyThisProduct($customerId: ID!, $productId: ID!) {
  explain(customerId: $customerId, productId: $productId, evidence: 5) {
    recommended
    rank
    score
    whyNot {
      code
      message
    }
    evidence {
      kind
      contribution
      share
      reason
      path {
        label
        name
        relationship
        direction
      }
    }
    otherContribution
  }
}
`,
    variables: ({ customerId, productId }) => ({ customerId, productId }),
  },
  {
    question: 'Why is this one not offered?',
    field: 'explain',
    root: 'query',
    query: `# Asked of a product they have already: every reason is told, not only the first.
query WhyNot($customerId: ID!, $productId: ID!) {
  explain(customerId: $customerId, productId: $productId, evidence: 5) {
    recommended
    score
    whyNot {
      code
      message
    }
    counterfactual
    evidence {
      kind
      contribution
      reason
      path {
        label
        name
      }
    }
    otherContribution
  }
}
`,
    variables: ({ customerId, basketProductId }) => ({ customerId, productId: basketProductId }),
  },
  {
    question: 'What is bought with this product?',
    field: 'affinities',
    root: 'query',
    query: `# Counted when asked; BOUGHT_AFTER: in later orders
query BoughtWith($productId: ID!) {
  affinities(productId: $productId, kind: BOUGHT_WITH, first: 10) {
    product {
      id
      name
    }
    orders
    support
    confidence
    lift
    cosine
  }
}
`,
    variables: ({ basketProductId }) => ({ productId: basketProductId }),
  },
  {
    question: 'Who is this product for?',
    field: 'audience',
    root: 'query',
    query: `# By the score of crossSell, without those who own it
query WhoFor($productId: ID!) {
  audience(productId: $productId, first: 10) {
    total
    note
    members {
      customer {
        id
      }
      score
      evidence {
        kind
        contribution
        reason
        path {
          label
          name
        }
      }
    }
  }
}
`,
    variables: ({ productId }) => ({ productId }),
  },
  ...CAMPAIGN_EXAMPLES,
  {
    question: 'Which version of the recommender answers?',
    field: 'models',
    root: 'query',
    query: `query Models {
  models {
    id
    status
    trainedAt
    dataUntil
    weights
    metrics
  }
}
`,
    variables: () => ({}),
  },
  {
    question: 'What is being bought right now?',
    field: 'orderRecorded',
    root: 'subscription',
    query: `# Shows each order as it is recorded, until stopped
subscription OrdersAsTheyArrive {
  orderRecorded {
    id
    placedAt
    value
    products {
      id
      name
    }
  }
}
`,
    variables: () => ({}),
  },
  {
    question: 'What changes for this customer?',
    field: 'offersChanged',
    root: 'subscription',
    query: `# Now, and whenever what they buy changes it, until stopped
subscription OffersAsTheyChange($customerId: ID!) {
  offersChanged(customerId: $customerId) {
    computedAt
    items {
      rank
      score
      reason
      product {
        name
      }
      evidence {
        kind
        contribution
        path {
          label
          name
        }
      }
      otherContribution
    }
  }
}
`,
    variables: ({ customerId }) => ({ customerId }),
  },
  {
    question: 'Who am I here, and what may I use?',
    field: 'me',
    root: 'query',
    query: `query Me {
  me {
    subject
    role
    customer
    permissions
  }
}
`,
    variables: () => ({}),
  },
]

export const variablesText = (example: Example, ids: ExampleIds): string => {
  const variables = example.variables(ids)
  return Object.keys(variables).length ? JSON.stringify(variables, null, 2) : ''
}
