/** Ids that exist in the graph the server has loaded. */
export interface ExampleIds {
  customerId: string
  productId: string
  basketProductId: string
}

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
]

export const variablesText = (example: Example, ids: ExampleIds): string => {
  const variables = example.variables(ids)
  return Object.keys(variables).length ? JSON.stringify(variables, null, 2) : ''
}

const NONE: ExampleIds = { customerId: '', productId: '', basketProductId: '' }

/** Never fails: without ids the examples still open, with empty variables. */
async function load(): Promise<ExampleIds> {
  try {
    const response = await fetch('/examples.json', { signal: AbortSignal.timeout(3000) })
    if (!response.ok) return NONE
    const body: unknown = await response.json()
    if (typeof body !== 'object' || body === null) return NONE
    const text = (key: keyof ExampleIds) => {
      const value = (body as Record<string, unknown>)[key]
      return typeof value === 'string' ? value : ''
    }
    return { customerId: text('customerId'), productId: text('productId'), basketProductId: text('basketProductId') }
  } catch {
    return NONE
  }
}

let loading: Promise<ExampleIds> | undefined
export const exampleIds = (): Promise<ExampleIds> => {
  loading ??= load()
  return loading
}
