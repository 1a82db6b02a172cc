import { existsSync } from 'node:fs'
import { parse, validate } from 'graphql'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildWebIfStale, CONTENT_SECURITY_POLICY } from '../../src/web.ts'
import { EXAMPLES } from '../../web/src/explorer/examples.ts'
import { type StandIn, schema, startStandIn } from './standIn.ts'

const executable = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
  .filter((path): path is string => path !== undefined && path !== '')
  .find((path) => existsSync(path))

let service: StandIn
let origin: string

beforeAll(async () => {
  await buildWebIfStale()
  service = await startStandIn()
  origin = service.origin
}, 120_000)

afterAll(() => service?.stop())

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
    expect(service.connectionParams.at(-1)).toEqual({ authorization: 'Bearer good-token' })
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
