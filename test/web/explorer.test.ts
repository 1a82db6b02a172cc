import { readFileSync } from 'node:fs'
import { buildSchema, parse, validate } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildWebIfStale, CONTENT_SECURITY_POLICY } from '../../src/web.ts'
import { EXAMPLES } from '../../web/src/explorer/examples.ts'
import { createTestApp } from '../support/app.ts'
import { findViolations } from '../support/axe.ts'
import { createTab, describeInBrowser, eventually } from '../support/browser.ts'
import { openCornerShop } from '../support/corner-shop.ts'
import { day, order, record } from '../support/shop.ts'

const WHAT_TO_OFFER = 'What do I offer this customer, and why?'

const app = createTestApp()

beforeAll(() => buildWebIfStale(), 120_000)

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
  it.each(EXAMPLES)('$question is valid', ({ query }) => expect(validate(schema, parse(query))).toEqual([]))
})

describeInBrowser('the explorer', () => {
  const tab = createTab(app)

  const status = () => tab.page.getByRole('status')
  const example = (question: string) =>
    tab.page.getByRole('navigation', { name: 'Example queries' }).getByRole('button', { name: question })
  const answer = () => tab.page.locator('.result-window .view-lines')
  const text = async (locator: ReturnType<typeof answer>) => (await locator.textContent())?.replaceAll('\u00a0', ' ')
  const variables = () => tab.page.locator('[aria-label="Variables"] .graphiql-editor:not(.hidden) .view-lines')
  const openSockets = async () =>
    Number(/^alongside_open_sockets (\d+)/m.exec(await (await fetch(`${app.url}/metrics`)).text())?.[1])
  /** The editor breaks long lines anywhere. */
  const unbroken = (shown = '') => shown.replace(/\s/g, '')
  const open = async (path = '/') => {
    await tab.open(path)
    await tab.page.locator('.graphiql-query-editor .view-line').first().waitFor()
  }
  it('opens over an empty graph, and says what is missing', async () => {
    expect(await (await fetch(`${app.url}/examples.json`)).json()).toEqual({})
    await open()
    expect(await text(variables())).toContain('"customerId": ""')
    await tab.signIn(await app.token('MARKETER'))
    await eventually(() => status().textContent()).toContain('MARKETER')
    await example(WHAT_TO_OFFER).click()
    await eventually(() => text(answer())).toMatch(/"message": ".*"code": "/s)
  })

  describe('over a shop', () => {
    beforeAll(() => openCornerShop(app))

    it('says how to get a token and has the examples ready', async () => {
      await open()
      await eventually(() => status().textContent()).toBe('Not signed in')
      expect(await tab.page.getByRole('region', { name: 'How to sign in' }).textContent()).toContain(
        'npm run token -- --role MARKETER',
      )
      // The service's own schema decides which there are.
      for (const { question } of EXAMPLES) await eventually(() => example(question).isEnabled()).toBe(true)
      expect(await text(tab.page.locator('.graphiql-query-editor .view-lines'))).toContain(
        'crossSell(customerId: $customerId',
      )
      expect(await text(variables())).toContain('"customerId": "anna"')
    })

    it('colours the query, offers the query builder, the docs and the history', async () => {
      await open()
      await eventually(() =>
        tab.page.locator('.graphiql-query-editor .view-line span[class*="mtk"]:not(.mtk1)').count(),
      ).toBeGreaterThan(3)
      for (const title of ['Documentation Explorer', 'GraphiQL Explorer', 'History']) {
        await tab.page.getByRole('button', { name: `Show ${title}` }).click()
        await tab.page
          .locator('.graphiql-plugin')
          .getByText(title === 'History' ? 'History' : /Docs|Explorer|Query/)
          .first()
          .waitFor()
      }
    })

    it('signs in, answers the three questions, and signs out', async () => {
      await open()
      await tab.signIn(await app.token('MARKETER', { subject: 'maria' }))
      await eventually(() => status().textContent()).toBe('Signed in as MARKETER (maria)')
      await example(WHAT_TO_OFFER).click()
      await eventually(() => text(answer())).toContain('"name": "White bread"')
      expect(unbroken(await text(answer()))).toContain(
        unbroken('Bought in the last 30 days by 6 of the 7 customers most like this one'),
      )
      await example('Why this product, or why not?').focus()
      await tab.page.keyboard.press('Enter')
      await eventually(() => text(answer())).toContain('"recommended": true')
      await example('What is bought with this product?').click()
      await eventually(() => text(answer())).toMatch(/"name": "White bread"\s*},\s*"orders": 6/)
      // Asking again goes back to the same tab.
      await example(WHAT_TO_OFFER).click()
      await eventually(() => tab.page.getByRole('tab').count()).toBe(3)

      await tab.page.reload()
      await eventually(() => status().textContent()).toBe('Signed in as MARKETER (maria)')
      await tab.page.getByRole('button', { name: 'Sign out' }).click()
      await eventually(() => status().textContent()).toBe('Not signed in')
    })

    it('shows orders as they are recorded, with the token, until stopped', async () => {
      const token = await app.token('MARKETER')
      await open()
      await tab.signIn(token)
      await eventually(() => status().textContent()).toContain('MARKETER')
      const frames: string[] = []
      tab.page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => frames.push(String(payload))))
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

      await tab.page.getByRole('button', { name: /Stop query/ }).click()
      await tab.page.getByRole('button', { name: /Execute query/ }).waitFor()
      await eventually(() => tab.sockets.map((socket) => socket.isClosed())).toEqual([true])
      await eventually(openSockets).toBe(0)
    })

    it('says so when the token expires while orders are awaited', async () => {
      await open()
      await tab.signIn(await app.token('MARKETER', { ttl: '4s' }))
      await eventually(() => status().textContent()).toContain('MARKETER')
      await example('What is being bought right now?').click()
      await eventually(async () => unbroken(await text(answer()))).toContain(
        unbroken('the token is not valid, or no longer. Sign in again.'),
      )
      await eventually(() => status().textContent()).toBe('Not signed in: The token has expired.')
      tab.withoutRefusals()
    })

    it('shows what a role or a customer may not see', async () => {
      await open()
      await tab.signIn(await app.token('STOREFRONT', { subject: 'shop', customer: 'household-2' }))
      await eventually(() => status().textContent()).toBe(
        'Signed in as STOREFRONT (shop), for customer household-2 only',
      )
      await example(WHAT_TO_OFFER).click()
      await eventually(() => text(answer())).toContain('"code": "FORBIDDEN"')
      await eventually(() => example('What is being bought right now?').count()).toBe(0)
      await eventually(openSockets).toBe(0)
      tab.withoutRefusals()
    })

    it('says why a token is refused, and reads the schema again for another one', async () => {
      const token = await app.token('ANALYST', { subject: 'ben' })
      await open()
      await tab.signIn('Bearer bad-\n token')
      await eventually(() => status().textContent()).toBe('Not signed in: The token is not valid.')
      const introspection = tab.page.waitForRequest(
        (request) =>
          request.headers().authorization === `Bearer ${token}` &&
          (request.postData() ?? '').includes('IntrospectionQuery'),
      )
      await tab.signIn(`  "Bearer ${token}" `)
      await eventually(() => status().textContent()).toBe('Signed in as ANALYST (ben)')
      await introspection
      tab.withoutRefusals()
    })

    it('takes a token from the link and removes it from the address', async () => {
      await open(`/#token=${await app.token('MARKETER', { subject: 'maria' })}`)
      await eventually(() => status().textContent()).toBe('Signed in as MARKETER (maria)')
      expect(tab.page.url()).toBe(`${app.url}/`)
    })
  })

  it('says nothing that a reader of the screen would miss, of ours', async () => {
    await open()
    for (const within of ['.bar', '.help', '.top']) expect(await findViolations(tab.page, within)).toEqual([])
  })

  it('signs in by choosing a role, and then shows the schema of that role', async () => {
    await open()
    await tab.page.getByRole('button', { name: 'STOREFRONT' }).click()
    await eventually(() => status().textContent()).toBe('Signed in as STOREFRONT (try-storefront)')
    await eventually(() => example('Who is this product for?').count()).toBe(0)
    expect(await example(WHAT_TO_OFFER).count()).toBe(1)
    await tab.page.getByRole('button', { name: 'Sign out' }).click()
    await tab.page.getByRole('button', { name: 'MARKETER' }).click()
    await eventually(() => example('Who is this product for?').count()).toBe(1)
  })

  it('follows the system into the dark, and back by the settings', async () => {
    await tab.page.emulateMedia({ colorScheme: 'dark' })
    await open()
    const ground = () => tab.page.evaluate('getComputedStyle(document.body).backgroundColor')
    expect(await ground()).toBe('rgb(33, 42, 59)')
    await tab.page.getByRole('button', { name: 'Open settings dialog' }).click()
    await tab.page.getByRole('dialog').getByRole('button', { name: 'Light' }).click()
    await eventually(ground).toBe('rgb(255, 255, 255)')
  })
})
