import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { buildSchema, GraphQLError, graphql, parse, subscribe, validate } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { buildWebIfStale, CONTENT_SECURITY_POLICY, webHandler } from '../../src/web.ts'
import { EXAMPLES } from '../../web/src/explorer/examples.ts'

const executable = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
  .filter((path): path is string => path !== undefined && path !== '')
  .find((path) => existsSync(path))

const schema = buildSchema(/* GraphQL */ `
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

let server: Server
let origin: string
const connectionParams: unknown[] = []

beforeAll(async () => {
  await buildWebIfStale()
  server = createServer(service())
  const sockets = new WebSocketServer({ server, path: '/graphql' })
  useServer(
    {
      schema,
      validate,
      subscribe: (args) => subscribe({ ...args, rootValue: { orderRecorded: orders } }),
      onConnect: (context) => {
        connectionParams.push(context.connectionParams)
      },
    },
    sockets,
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}, 120_000)

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

describe('the web handler', () => {
  it('serves the page with the policy, never cached', async () => {
    const page = await fetch(origin)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
    expect(page.headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY)
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    expect(await page.text()).not.toMatch(/<script(?![^>]*\ssrc=)|https?:\/\//)
  })

  it('serves hashed assets for good, compressed where the browser takes it', async () => {
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(await (await fetch(origin)).text())?.[1]
    const packed = await fetch(origin + script, { headers: { 'accept-encoding': 'gzip' } })
    const plain = await fetch(origin + script, { headers: { 'accept-encoding': 'identity' } })
    expect(packed.headers.get('content-encoding')).toBe('gzip')
    expect(plain.headers.get('content-encoding')).toBeNull()
    expect(packed.headers.get('content-type')).toMatch(/^text\/javascript/)
    expect(packed.headers.get('vary')).toMatch(/accept-encoding/i)
    expect(packed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(packed.headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY)
    expect(packed.headers.get('etag')).not.toBe(plain.headers.get('etag'))
    expect(await packed.text()).toBe(await plain.text())
  })

  it.each(['/assets/none.js', '/assets/..%2findex.html', '/assets/..%2f..%2f..%2fpackage.json', '/package.json'])(
    'has no %s',
    async (path) => expect((await fetch(origin + path)).status).toBe(404),
  )

  it('does not build again what is new', async () => {
    const said: string[] = []
    await buildWebIfStale((message) => said.push(message))
    expect(said).toEqual([])
  })
})

describe('the examples', () => {
  it.each(EXAMPLES)('$field is valid', ({ query }) => expect(validate(schema, parse(query))).toEqual([]))
})

describe.skipIf(!executable)(executable ? 'the explorer' : 'the explorer (Chromium is not installed)', () => {
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let troubles: string[]
  let foreign: string[]

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: executable,
      headless: true,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--no-first-run',
        '--disable-component-update',
        '--disable-sync',
      ],
    })
  }, 60_000)
  afterAll(() => browser?.close())

  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    page = await context.newPage()
    troubles = []
    foreign = []
    // Violations of the policy arrive here too.
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) troubles.push(message.text())
    })
    page.on('pageerror', (error) => troubles.push(error.message))
    page.on('request', (request) => {
      const url = new URL(request.url())
      if (/^(http|ws)/.test(url.protocol) && url.host !== new URL(origin).host) foreign.push(request.url())
    })
  })
  afterEach(async () => {
    await context.close()
    expect(troubles).toEqual([])
    expect(foreign).toEqual([])
  })

  const status = () => page.getByRole('status')
  const example = (question: string) =>
    page.getByRole('navigation', { name: 'Example queries' }).getByRole('button', { name: question })
  const answer = () => page.locator('.result-window .view-lines')
  const text = async (locator: ReturnType<typeof answer>) => (await locator.textContent())?.replaceAll('\u00a0', ' ')
  const open = async (path = '/') => {
    await page.goto(origin + path)
    await page.locator('.graphiql-query-editor .view-line').first().waitFor()
  }
  const signIn = async (token: string) => {
    await page.getByLabel('Token', { exact: true }).fill(token)
    await page.getByLabel('Token', { exact: true }).press('Enter')
  }

  it('says how to get a token and has the examples ready', async () => {
    await open()
    await expect.poll(() => status().textContent()).toBe('Not signed in')
    expect(await page.getByRole('region', { name: 'How to sign in' }).textContent()).toContain(
      'npm run token -- --role MARKETER',
    )
    for (const { question } of EXAMPLES) expect(await example(question).isEnabled()).toBe(true)
    expect(await text(page.locator('.graphiql-query-editor .view-lines'))).toContain(
      'crossSell(customerId: $customerId',
    )
    expect(await text(page.locator('[aria-label="Variables"] .graphiql-editor:not(.hidden) .view-lines'))).toContain(
      '"customerId": "1"',
    )
  })

  it('colours the query, offers the query builder, the docs and the history', async () => {
    await open()
    await expect
      .poll(() => page.locator('.graphiql-query-editor .view-line span[class*="mtk"]:not(.mtk1)').count())
      .toBeGreaterThan(3)
    for (const title of ['Documentation Explorer', 'GraphiQL Explorer', 'History']) {
      await page.getByRole('button', { name: `Show ${title}` }).click()
      await page
        .locator('.graphiql-plugin')
        .getByText(title === 'History' ? 'History' : /Docs|Explorer|Query/)
        .first()
        .waitFor()
    }
  })

  it('signs in, answers the three questions, and signs out', async () => {
    await open()
    await signIn('good-token')
    await expect.poll(() => status().textContent()).toBe('Signed in as MARKETER (anna)')
    await example('What do I offer this customer, and why?').click()
    await expect.poll(() => text(answer())).toContain('Bought with Fluid milk in 212 orders')
    await example('Why this product, or why not?').focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => text(answer())).toContain('"recommended": true')
    await example('What is bought with this product?').click()
    await expect.poll(() => text(answer())).toContain('"lift": 3.4')
    // Asking again goes back to the same tab.
    await example('What do I offer this customer, and why?').click()
    await expect.poll(() => page.getByRole('tab').count()).toBe(3)

    await page.reload()
    await expect.poll(() => status().textContent()).toBe('Signed in as MARKETER (anna)')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect.poll(() => status().textContent()).toBe('Not signed in')
  })

  it('shows orders as they arrive, with the token, until stopped', async () => {
    await open()
    await signIn('good-token')
    await expect.poll(() => status().textContent()).toContain('MARKETER')
    await example('What is being bought right now?').click()
    await expect.poll(() => text(answer())).toContain('"id": "order-1"')
    expect(connectionParams.at(-1)).toEqual({ authorization: 'Bearer good-token' })
    await page.getByRole('button', { name: /Stop query/ }).click()
    await page.getByRole('button', { name: /Execute query/ }).waitFor()
  })

  it('says why a token is refused, and reads the schema again for another one', async () => {
    await open()
    await signIn('Bearer bad-\n token')
    await expect.poll(() => status().textContent()).toBe('Not signed in: The token is not valid.')
    // A service that answers 401 makes Chromium itself write a line.
    troubles = troubles.filter((text) => !/^Failed to load resource: .* 401/.test(text))
    const introspection = page.waitForRequest(
      (request) =>
        request.headers().authorization === 'Bearer other-token' &&
        (request.postData() ?? '').includes('IntrospectionQuery'),
    )
    await signIn('  "Bearer other-token" ')
    await expect.poll(() => status().textContent()).toBe('Signed in as ANALYST (ben)')
    await introspection
  })

  it('takes a token from the link and removes it from the address', async () => {
    await open('/#token=good-token')
    await expect.poll(() => status().textContent()).toBe('Signed in as MARKETER (anna)')
    expect(page.url()).toBe(`${origin}/`)
  })

  it('follows the system into the dark, and back by the settings', async () => {
    await page.emulateMedia({ colorScheme: 'dark' })
    await open()
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    expect(await ground()).toBe('rgb(33, 42, 59)')
    await page.getByRole('button', { name: 'Open settings dialog' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Light' }).click()
    await expect.poll(ground).toBe('rgb(255, 255, 255)')
  })
})
