import { existsSync, readFileSync } from 'node:fs'
import { buildSchema, parse, validate } from 'graphql'
import { type Browser, type BrowserContext, chromium, type Page, type WebSocket } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildWebIfStale, CONTENT_SECURITY_POLICY } from '../../src/web.ts'
import { EXAMPLES } from '../../web/src/explorer/examples.ts'
import { createTestApp } from '../support/app.ts'
import { day, describeProducts, order, record, train } from '../support/shop.ts'

const executable = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
  .filter((path): path is string => path !== undefined && path !== '')
  .find((path) => existsSync(path))

const WHAT_TO_OFFER = 'What do I offer this customer, and why?'

const app = createTestApp()

/** A first query is planned, a page is drawn: a second, the default, is too short on a busy machine. */
const eventually = <T>(read: () => T, options: { interval?: number } = {}) =>
  expect.poll(read, { timeout: 20_000, ...options })

beforeAll(() => buildWebIfStale(), 120_000)

/** Six households buy milk with bread; Anna buys milk, and never bread. */
async function openShop(): Promise<void> {
  await record(app, [
    ...[2, 3, 4, 5, 6, 7].map((n) => order(`o${n}`, `household-${n}`, day(n), ['milk', 'bread'])),
    order('a1', 'anna', day(8), ['milk', 'eggs']),
    order('a2', 'anna', day(15), ['milk', 'eggs']),
    order('a3', 'anna', day(16), ['coffee']),
    order('o8', 'household-8', day(9), ['coffee']),
  ])
  await describeProducts(app, [
    { id: 'milk', name: 'Whole milk', brand: 'Private' },
    { id: 'bread', name: 'White bread', brand: 'National' },
    { id: 'eggs', name: 'Eggs' },
    { id: 'coffee', name: 'Coffee' },
  ])
  await train(app)
}

describe('the web handler', () => {
  it('serves the page with the policy, never cached', async () => {
    const page = await fetch(app.url)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
    expect(page.headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY)
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    expect(await page.text()).not.toMatch(/<script(?![^>]*\ssrc=)|https?:\/\//)
  })

  it('serves hashed assets for good, compressed where the browser takes it', async () => {
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(await (await fetch(app.url)).text())?.[1]
    const packed = await fetch(app.url + script, { headers: { 'accept-encoding': 'gzip' } })
    const plain = await fetch(app.url + script, { headers: { 'accept-encoding': 'identity' } })
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
    async (path) => expect((await fetch(app.url + path)).status).toBe(404),
  )

  it('does not build again what is new', async () => {
    const said: string[] = []
    await buildWebIfStale((message) => said.push(message))
    expect(said).toEqual([])
  })
})

describe('the examples', () => {
  const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'))
  it.each(EXAMPLES)('$field is valid', ({ query }) => expect(validate(schema, parse(query))).toEqual([]))
})

describe.skipIf(!executable)(executable ? 'the explorer' : 'the explorer (Chromium is not installed)', () => {
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let troubles: string[]
  let foreign: string[]
  let sockets: WebSocket[]

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
    sockets = []
    // Violations of the policy arrive here too.
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) troubles.push(message.text())
    })
    page.on('pageerror', (error) => troubles.push(error.message))
    page.on('websocket', (socket) => sockets.push(socket))
    page.on('request', (request) => {
      const url = new URL(request.url())
      if (/^(http|ws)/.test(url.protocol) && url.host !== new URL(app.url).host) foreign.push(request.url())
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
  const variables = () => page.locator('[aria-label="Variables"] .graphiql-editor:not(.hidden) .view-lines')
  const openSockets = async () =>
    Number(/^alongside_open_sockets (\d+)/m.exec(await (await fetch(`${app.url}/metrics`)).text())?.[1])
  /** Chromium itself writes a line for each answer with status 401 or 403. */
  const withoutRefusals = () => {
    troubles = troubles.filter((line) => !/^Failed to load resource: .* 40[13]/.test(line))
  }
  /** The editor breaks long lines anywhere. */
  const unbroken = (shown = '') => shown.replace(/\s/g, '')
  const open = async (path = '/') => {
    await page.goto(app.url + path)
    await page.locator('.graphiql-query-editor .view-line').first().waitFor()
  }
  const signIn = async (token: string) => {
    await page.getByLabel('Token', { exact: true }).fill(token)
    await page.getByLabel('Token', { exact: true }).press('Enter')
  }

  it('opens over an empty graph, and says what is missing', async () => {
    expect(await (await fetch(`${app.url}/examples.json`)).json()).toEqual({})
    await open()
    expect(await text(variables())).toContain('"customerId": ""')
    await signIn(await app.token('MARKETER'))
    await eventually(() => status().textContent()).toContain('MARKETER')
    await example(WHAT_TO_OFFER).click()
    await eventually(() => text(answer())).toMatch(/"message": ".*"code": "/s)
  })

  describe('over a shop', () => {
    beforeAll(openShop)

    it('says how to get a token and has the examples ready', async () => {
      await open()
      await eventually(() => status().textContent()).toBe('Not signed in')
      expect(await page.getByRole('region', { name: 'How to sign in' }).textContent()).toContain(
        'npm run token -- --role MARKETER',
      )
      // The service's own schema decides which there are.
      for (const { question } of EXAMPLES) await eventually(() => example(question).isEnabled()).toBe(true)
      expect(await text(page.locator('.graphiql-query-editor .view-lines'))).toContain(
        'crossSell(customerId: $customerId',
      )
      expect(await text(variables())).toContain('"customerId": "anna"')
    })

    it('colours the query, offers the query builder, the docs and the history', async () => {
      await open()
      await eventually(() =>
        page.locator('.graphiql-query-editor .view-line span[class*="mtk"]:not(.mtk1)').count(),
      ).toBeGreaterThan(3)
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
      await signIn(await app.token('MARKETER', { subject: 'maria' }))
      await eventually(() => status().textContent()).toBe('Signed in as MARKETER (maria)')
      await example(WHAT_TO_OFFER).click()
      await eventually(() => text(answer())).toContain('"name": "White bread"')
      expect(unbroken(await text(answer()))).toContain(
        unbroken('Bought in the last 30 days by 6 of the 7 customers most like this one'),
      )
      await example('Why this product, or why not?').focus()
      await page.keyboard.press('Enter')
      await eventually(() => text(answer())).toContain('"recommended": true')
      await example('What is bought with this product?').click()
      await eventually(() => text(answer())).toMatch(/"name": "White bread"\s*},\s*"orders": 6/)
      // Asking again goes back to the same tab.
      await example(WHAT_TO_OFFER).click()
      await eventually(() => page.getByRole('tab').count()).toBe(3)

      await page.reload()
      await eventually(() => status().textContent()).toBe('Signed in as MARKETER (maria)')
      await page.getByRole('button', { name: 'Sign out' }).click()
      await eventually(() => status().textContent()).toBe('Not signed in')
    })

    it('shows orders as they are recorded, with the token, until stopped', async () => {
      const token = await app.token('MARKETER')
      await open()
      await signIn(token)
      await eventually(() => status().textContent()).toContain('MARKETER')
      const frames: string[] = []
      page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => frames.push(String(payload))))
      await example('What is being bought right now?').click()
      await eventually(() => frames.some((frame) => frame.includes('"type":"subscribe"'))).toBe(true)
      expect(JSON.parse(frames[0]!)).toEqual({
        type: 'connection_init',
        payload: { authorization: `Bearer ${token}` },
      })
      // Sent again, a revision higher, should the first have come before the service was listening.
      let revision = 0
      await eventually(
        async () => {
          await record(app, [{ ...order('live', 'household-8', day(20), ['coffee']), revision: ++revision }])
          return text(answer())
        },
        { interval: 500 },
      ).toMatch(/"id": "live".*"name": "Coffee"/s)

      await page.getByRole('button', { name: /Stop query/ }).click()
      await page.getByRole('button', { name: /Execute query/ }).waitFor()
      await eventually(() => sockets.map((socket) => socket.isClosed())).toEqual([true])
      await eventually(openSockets).toBe(0)
    })

    it('says so when the token expires while orders are awaited', async () => {
      await open()
      await signIn(await app.token('MARKETER', { ttl: '4s' }))
      await eventually(() => status().textContent()).toContain('MARKETER')
      await example('What is being bought right now?').click()
      await eventually(async () => unbroken(await text(answer()))).toContain(
        unbroken('the token is not valid, or no longer. Sign in again.'),
      )
      await eventually(() => status().textContent()).toBe('Not signed in: The token has expired.')
      withoutRefusals()
    })

    it('shows what a role or a customer may not see', async () => {
      await open()
      await signIn(await app.token('STOREFRONT', { subject: 'shop', customer: 'household-2' }))
      await eventually(() => status().textContent()).toBe(
        'Signed in as STOREFRONT (shop), for customer household-2 only',
      )
      await example(WHAT_TO_OFFER).click()
      await eventually(() => text(answer())).toContain('"code": "FORBIDDEN"')
      await example('What is being bought right now?').click()
      await eventually(() => text(answer())).toContain('"code": "FORBIDDEN"')
      await eventually(openSockets).toBe(0)
      withoutRefusals()
    })

    it('says why a token is refused, and reads the schema again for another one', async () => {
      const token = await app.token('ANALYST', { subject: 'ben' })
      await open()
      await signIn('Bearer bad-\n token')
      await eventually(() => status().textContent()).toBe('Not signed in: The token is not valid.')
      const introspection = page.waitForRequest(
        (request) =>
          request.headers().authorization === `Bearer ${token}` &&
          (request.postData() ?? '').includes('IntrospectionQuery'),
      )
      await signIn(`  "Bearer ${token}" `)
      await eventually(() => status().textContent()).toBe('Signed in as ANALYST (ben)')
      await introspection
      withoutRefusals()
    })

    it('takes a token from the link and removes it from the address', async () => {
      await open(`/#token=${await app.token('MARKETER', { subject: 'maria' })}`)
      await eventually(() => status().textContent()).toBe('Signed in as MARKETER (maria)')
      expect(page.url()).toBe(`${app.url}/`)
    })
  })

  it('follows the system into the dark, and back by the settings', async () => {
    await page.emulateMedia({ colorScheme: 'dark' })
    await open()
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    expect(await ground()).toBe('rgb(33, 42, 59)')
    await page.getByRole('button', { name: 'Open settings dialog' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Light' }).click()
    await eventually(ground).toBe('rgb(255, 255, 255)')
  })
})
