import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { buildSchema, GraphQLError, graphql, subscribe, validate } from 'graphql'
import { useServer as serveSockets } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { webHandler } from '../../src/web.ts'

export const schema = buildSchema(/* GraphQL */ `
  scalar DateTime
  enum AffinityKind { BOUGHT_WITH BOUGHT_AFTER }
  type Viewer { subject: ID! role: String! customer: ID }
  type Product { id: ID! name: String! brand: String }
  type PathStep { label: String! name: String! relationship: String direction: String }
  type Support { orders: Int confidence: Float lift: Float }
  type Evidence { kind: String! contribution: Float! share: Float! reason: String! path: [PathStep!]! support: Support }
  type Offer { rank: Int! score: Float! reason: String! product: Product! evidence: [Evidence!]! otherContribution: Float! }
  type OfferList { asOf: DateTime! note: String items: [Offer!]! }
  type Exclusion { code: String! message: String! }
  type Explanation {
    recommended: Boolean! rank: Int score: Float! whyNot: [Exclusion!]! counterfactual: String
    evidence: [Evidence!]! otherContribution: Float!
  }
  type Affinity { product: Product! orders: Int! support: Float! confidence: Float! lift: Float! cosine: Float! }
  type Order { id: ID! placedAt: DateTime! value: Float! products: [Product!]! }
  type Query {
    me: Viewer!
    crossSell(customerId: ID!, first: Int = 10, evidence: Int = 3): OfferList!
    explain(customerId: ID!, productId: ID!, evidence: Int = 3): Explanation!
    affinities(productId: ID!, kind: AffinityKind = BOUGHT_WITH, first: Int = 10): [Affinity!]!
  }
  type Subscription { orderRecorded(customerId: ID): Order! }
`)

const TOKENS: Record<string, { subject: string; role: string }> = {
  'Bearer good-token': { subject: 'anna', role: 'MARKETER' },
  'Bearer other-token': { subject: 'ben', role: 'ANALYST' },
}
const milk = { id: '42', name: 'Fluid milk', brand: 'Private' }
const product = { id: '7', name: 'White bread', brand: 'National' }
const evidence = [
  {
    kind: 'BOUGHT_WITH',
    contribution: 0.31,
    share: 0.78,
    reason: 'Bought with Fluid milk in 212 orders',
    path: [
      { label: 'Customer', name: 'Customer 1', relationship: 'BOUGHT', direction: 'OUT' },
      { label: 'Product', name: milk.name, relationship: 'BOUGHT_WITH', direction: 'OUT' },
      { label: 'Product', name: product.name },
    ],
    support: { orders: 212, confidence: 0.21, lift: 3.4 },
  },
]
const offer = { rank: 1, score: 0.4, reason: evidence[0]?.reason, product, evidence, otherContribution: 0.09 }
const rootValue = {
  crossSell: { asOf: '2017-12-01T00:00:00Z', items: [offer] },
  explain: { recommended: true, rank: 1, score: 0.4, whyNot: [], evidence, otherContribution: 0.09 },
  affinities: ({ productId }: { productId: string }) =>
    productId === milk.id ? [{ product, orders: 212, support: 0.01, confidence: 0.2, lift: 3.4, cosine: 0.2 }] : [],
}

async function* orders() {
  yield { orderRecorded: { id: 'order-1', placedAt: '2017-12-02T10:00:00Z', value: 4.5, products: [milk] } }
  await new Promise(() => {})
}

/** A stand-in for the service: the pages from the real handler, the answers made up. */
function service(): express.Express {
  const app = express()
  app.use(webHandler())
  app.get('/examples.json', (_request, response) => {
    response.json({ customerId: '1', productId: product.id, basketProductId: milk.id })
  })
  app.post('/graphql', express.json(), async (request, response) => {
    const { authorization } = request.headers
    const viewer = authorization === undefined ? undefined : TOKENS[authorization]
    const refused = () => {
      throw new GraphQLError('The token is not valid.', { extensions: { code: 'UNAUTHENTICATED' } })
    }
    const values = viewer ? { ...rootValue, me: viewer } : { me: refused, crossSell: refused }
    const { query, variables, operationName } = request.body
    response.json(await graphql({ schema, source: query, rootValue: values, variableValues: variables, operationName }))
  })
  return app
}

export interface StandIn {
  origin: string
  /** What each socket sent to sign in. */
  connectionParams: unknown[]
  stop(): void
}

export async function startStandIn(): Promise<StandIn> {
  const server = createServer(service())
  const connectionParams: unknown[] = []
  serveSockets(
    {
      schema,
      validate,
      subscribe: (args) => subscribe({ ...args, rootValue: { orderRecorded: orders } }),
      onConnect: (context) => {
        connectionParams.push(context.connectionParams)
      },
    },
    new WebSocketServer({ server, path: '/graphql' }),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connectionParams,
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}
