import { beforeAll, expect, it } from 'vitest'
import { campaigning, handing, openShop } from '../campaign/world.ts'
import { createTestApp } from '../support/app.ts'
import { findViolations } from '../support/axe.ts'
import { createTab, describeInBrowser, eventually } from '../support/browser.ts'
import { order, record } from '../support/shop.ts'

const app = createTestApp()

describeInBrowser('a campaign on the dashboard', () => {
  const tab = createTab(app)
  const { ready, step } = campaigning(app)
  const { pending, acknowledge } = handing(app)
  beforeAll(() => openShop(app, 60))

  const running = () => tab.page.getByRole('region', { name: 'Running campaigns' })
  const card = () => running().getByRole('article', { name: 'Spring offers' })

  it('shows up when it is launched, moves with what happens in it, and leaves when it is paused', async () => {
    await tab.page.goto(`${app.url}/dashboard#token=${await app.token('ANALYST')}`)
    await eventually(() => running().textContent()).toContain('None runs')
    await eventually(() => tab.page.getByRole('region', { name: 'Pulse' }).textContent()).toContain('Orders a second')
    expect(await findViolations(tab.page)).toEqual([])

    const id = await ready({ name: 'Spring offers', holdoutShare: 0.4 })
    await step('launch', id)
    const handed = await pending(id)
    await eventually(() => card().textContent()).toContain(`Treated${handed.length}`)
    await eventually(() => card().textContent()).toContain('Nothing has happened yet')

    await acknowledge(handed.map((one) => one.id))
    const sent = () =>
      card()
        .getByRole('row', { name: /^sent web/ })
        .textContent()
    await eventually(sent).toContain(String(handed.length))
    await eventually(() => card().getByRole('list', { name: 'Activity' }).getByRole('listitem').count()).toBe(6)

    const bought = handed.slice(0, 9).map(({ customerId }) => customerId)
    await record(
      app,
      bought.map((who) => order(`bought-${who}`, who, new Date().toISOString(), ['b'])),
    )
    const uplift = () =>
      card()
        .getByRole('img', { name: /Uplift/ })
        .getAttribute('aria-label')
    await eventually(uplift).toMatch(/^Uplift \+\d+\.\d%, [+-]\d+\.\d% to \+\d+\.\d% \(95 %\)$/)
    await eventually(() =>
      card()
        .getByRole('row', { name: /^converted/ })
        .textContent(),
    ).toContain('9')
    expect(await findViolations(tab.page)).toEqual([])
    await tab.picture('dashboard')

    await step('pause', id)
    await eventually(() => running().textContent()).toContain('None runs')
  })
})
