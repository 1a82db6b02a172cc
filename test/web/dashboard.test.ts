import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type Service, startService, tokenOf } from '../failure/support.ts'
import { createTestApp } from '../support/app.ts'
import { type Accessibility, findViolations } from '../support/axe.ts'
import { createTab, describeInBrowser, eventually } from '../support/browser.ts'
import { openCornerShop } from '../support/corner-shop.ts'
import { backends } from '../support/graph.ts'
import { day, order, RECORD, record } from '../support/shop.ts'

const app = createTestApp()

describeInBrowser('the dashboard', () => {
  const tab = createTab(app)
  beforeAll(() => openCornerShop(app))

  const part = (name: string) => tab.page.getByRole('region', { name })
  const connection = () => tab.page.getByRole('status', { name: 'Connection' })
  const watch = async (url = app.url, token?: string) => {
    const given = token ?? (await app.token('MARKETER', { subject: 'maria' }))
    await tab.page.goto(`${url}/dashboard#token=${given}`)
    await eventually(() => connection().textContent()).toBe('Live')
  }
  const readable = async () => {
    const found: Accessibility[] = await findViolations(tab.page)
    expect(found).toEqual([])
  }

  it('asks whoever is not signed in to do so, and loads no more than it needs', async () => {
    await tab.open('/dashboard')
    await tab.page.getByRole('heading', { name: 'Sign in to watch' }).waitFor()
    await readable()
    await tab.page.getByRole('button', { name: 'ANALYST' }).click()
    await eventually(() => connection().textContent()).toBe('Live')
    expect(tab.sockets).toHaveLength(1)
    await readable()
  })

  it.each(['STOREFRONT', 'INGEST', 'PRIVACY_OFFICER'] as const)('is not for %s, and says so', async (role) => {
    await tab.page.goto(`${app.url}/dashboard#token=${await app.token(role)}`)
    await tab.page.getByRole('heading', { name: 'Not for this token' }).waitFor()
    expect(await tab.page.getByText(`You are signed in as ${role}`).count()).toBe(1)
    expect(tab.sockets).toHaveLength(0)
    await readable()
  })

  it('shows orders and models as they come, without a reload and in both themes', async () => {
    await watch()
    await eventually(() => part('Models').textContent()).toContain('active')
    await eventually(() => part('Orders').textContent()).toContain('None since this page was opened')
    let revision = 0
    await eventually(
      async () => {
        await record(app, [{ ...order('seen', 'household-8', day(20), ['coffee']), revision: ++revision }])
        return part('Orders').getByRole('list', { name: 'Latest orders' }).textContent()
      },
      { interval: 500 },
    ).toContain('order seen')
    const { trainModel } = await app.data('mutation { trainModel { id } }', { role: 'ANALYST' })
    await eventually(() => part('Models').textContent()).toContain(trainModel.id)
    await readable()
    await tab.page.emulateMedia({ colorScheme: 'dark' })
    await readable()
  })

  it('keeps up with fifty orders a second, and stays as quick to use', async () => {
    await watch()
    const counted = async () =>
      Number(
        (await part('Orders')
          .locator('p data')
          .getAttribute('value', { timeout: 1000 })
          .catch(() => '0')) ?? 0,
      )
    for (let second = 0; second < 4; second++) {
      const orders = Array.from({ length: 50 }, (_, at) => order(`fast-${second}-${at}`, 'anna', day(30), ['milk']))
      await record(app, orders)
      await tab.page.waitForTimeout(1000)
    }
    await eventually(counted).toBeGreaterThanOrEqual(200)
    expect(await part('Orders').getByRole('listitem').count()).toBeLessThan(20)
  })

  describe('of a service of its own', () => {
    let folder: string
    beforeAll(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), 'alongside-dashboard-'))
    })
    afterAll(() => rm(folder, { recursive: true, force: true }))

    it('says that the connection is lost when it is killed, and goes on when it is there again', async () => {
      const start = (settings: Record<string, string> = {}): Promise<Service> =>
        startService({ ...backends(), folder }, settings)
      const killed = await start()
      const { port } = new URL(killed.url)
      let service = killed
      try {
        await watch(killed.url, await tokenOf('MARKETER'))
        await killed.kill()
        await eventually(() => connection().textContent()).toMatch(/Connection lost/)
        service = await start({ PORT: port })
        await eventually(() => connection().textContent()).toBe('Live')
        let revision = 0
        await eventually(
          async () => {
            const orders = [{ ...order('after', 'household-8', day(21), ['coffee']), revision: ++revision }]
            await ask(service.url, RECORD, { role: 'INGEST', variables: { orders } })
            return part('Orders').textContent()
          },
          { interval: 500 },
        ).toContain('order after')
      } finally {
        await service.kill()
      }
      // The browser's own word for a service that is not there.
      tab.troubles = tab.troubles.filter((line) => !/^WebSocket connection to .* failed/.test(line))
      tab.allow(killed.url)
    })
  })
})
