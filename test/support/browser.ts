import { existsSync } from 'node:fs'
import path from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page, type WebSocket } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest'
import { PROJECT_ROOT } from '../../src/root.ts'
import { buildWebIfStale } from '../../src/web.ts'

const executable = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
  .filter((file): file is string => file !== undefined && file !== '')
  .find((file) => existsSync(file))

/** Skipped where there is no Chromium, by a name that says so: .ci/run looks for it. */
export const describeInBrowser = (name: string, tests: () => void) =>
  describe.skipIf(!executable)(executable ? name : `${name} (Chromium is not installed)`, tests)

/** A first query is planned, a page is drawn: a second, the default, is too short on a busy machine. */
export const eventually = <T>(read: () => T, options: { interval?: number } = {}) =>
  expect.poll(read, { timeout: 20_000, ...options })

export interface Tab {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors and warnings of the console, breaches of the policy among them; none may be left at a test's end. */
  troubles: string[]
  readonly sockets: WebSocket[]
  open(place?: string): Promise<void>
  signIn(token: string): Promise<void>
  /** Chromium itself writes a line for each answer with status 401 or 403. */
  withoutRefusals(): void
  /** For a test that goes to another service than `app`. */
  allow(url: string): void
  /** The README's picture of this name, where PICTURES=on asks for new ones. */
  picture(name: string): Promise<void>
}

/** A tab of its own for every test; no request of it may leave the service. */
export function createTab(app: { readonly url: string }): Tab {
  let browser: Browser
  let foreign: string[] = []
  const tab = {
    troubles: [] as string[],
    sockets: [] as WebSocket[],
    async open(place = '/') {
      await tab.page.goto(app.url + place)
    },
    async signIn(token: string) {
      await tab.page.getByLabel('Token', { exact: true }).fill(token)
      await tab.page.getByLabel('Token', { exact: true }).press('Enter')
    },
    withoutRefusals() {
      tab.troubles = tab.troubles.filter((line) => !/^Failed to load resource: .* 40[13]/.test(line))
    },
    async picture(name: string) {
      if (process.env.PICTURES === 'on')
        await tab.page.screenshot({ path: path.join(PROJECT_ROOT, 'docs', `${name}.png`) })
    },
    allow(url: string) {
      foreign = foreign.filter((one) => new URL(one).host !== new URL(url).host)
    },
  } as Tab & { page: Page; context: BrowserContext; sockets: WebSocket[] }

  beforeAll(() => buildWebIfStale(), 120_000)
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
    tab.context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    tab.page = await tab.context.newPage()
    tab.troubles = []
    tab.sockets = []
    foreign = []
    tab.page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) tab.troubles.push(message.text())
    })
    tab.page.on('pageerror', (error) => tab.troubles.push(error.message))
    tab.page.on('websocket', (socket) => tab.sockets.push(socket))
    tab.page.on('request', (request) => {
      const url = new URL(request.url())
      if (/^(http|ws)/.test(url.protocol) && url.host !== new URL(app.url).host) foreign.push(request.url())
    })
  })
  afterEach(async () => {
    await tab.context.close()
    expect(tab.troubles).toEqual([])
    expect(foreign).toEqual([])
  })
  return tab
}
